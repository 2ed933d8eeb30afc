// A person's photo: chosen, made small here, shown, taken away. It is kept with the form around it.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { api, ask } from '../api/client';
import { Actions, Button } from '../ui/Button';
import { Trouble } from '../ui/states';
import { Face } from '../ui/Tags';
import { useLater } from '../words/later';
import { NoPhoto, smallPhoto } from './photo';

// What becomes of the photo when the form is saved: another one, none (null), or nothing (undefined).
type Change = Blob | null | undefined;

export function usePhotoChange() {
  const [change, setChange] = useState<Change>();
  const read = useMutation({ mutationFn: (file: File) => smallPhoto(file), onSuccess: setChange });
  return { change, setChange, read };
}

export function savePhoto(person: string, change: Change): Promise<unknown> {
  const params = { path: { person } };
  if (change === undefined) return Promise.resolve();
  if (change === null) return ask(api.DELETE('/people/{person}/photo', { params }));
  return ask(
    api.PUT('/people/{person}/photo', {
      params,
      body: change as unknown as string,
      bodySerializer: (body) => body,
      headers: { 'Content-Type': 'image/jpeg' },
    }),
  );
}

interface Props {
  name: string;
  color: number;
  person?: string | undefined;
  hasPhoto: boolean; // one that is kept
  photo: ReturnType<typeof usePhotoChange>;
}

export function PhotoField({ name, color, person, hasPhoto, photo }: Props) {
  const { photo: words } = useLater();
  const { change, setChange, read } = photo;
  const isShown = change === undefined ? hasPhoto : change !== null;
  return (
    <div className="photo-field">
      {change ? (
        <Chosen photo={change} color={color} />
      ) : (
        <Face name={name || '?'} color={color} person={isShown ? person : undefined} size="huge" />
      )}
      <div>
        <Actions>
          <FileTrigger
            acceptedFileTypes={['image/jpeg', 'image/png', 'image/webp']}
            onSelect={(files) => {
              const file = files?.[0];
              if (file) read.mutate(file);
            }}
          >
            <Button isPending={read.isPending}>{isShown ? words.change : words.choose}</Button>
          </FileTrigger>
          {isShown && (
            <Button look="quiet" onPress={() => setChange(hasPhoto ? null : undefined)}>
              {words.remove}
            </Button>
          )}
        </Actions>
        <p className="hint">{words.hint}</p>
        <p className="hint" role="status">
          {change ? words.chosen : change === null ? words.goes : ''}
        </p>
      </div>
      {read.error instanceof NoPhoto ? (
        <p className="trouble" role="alert">
          {words.unreadable}
        </p>
      ) : (
        <Trouble error={read.error} />
      )}
    </div>
  );
}

function Chosen({ photo, color }: { photo: Blob; color: number }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return (
    <span className={`face face-huge voice-${color}`} aria-hidden>
      {address && <img src={address} alt="" />}
    </span>
  );
}
