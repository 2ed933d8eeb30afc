// A person's photo: chosen, made small here, kept, taken away. It is kept at once, apart from the form around it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileTrigger } from 'react-aria-components';
import { api, ask } from '../api/client';
import { peopleQuery } from '../api/queries';
import type { Person } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { Face } from '../ui/Tags';
import { useLater } from '../words/later';
import { NoPhoto, smallPhoto } from './photo';

export function PhotoField({ person }: { person: Person }) {
  const { photo: words } = useLater();
  const client = useQueryClient();
  const params = { path: { person: person.id } };
  const refresh = () => client.invalidateQueries({ queryKey: peopleQuery.queryKey });
  const set = useMutation({
    mutationFn: async (file: File) => {
      const small = await smallPhoto(file);
      return ask(
        api.PUT('/people/{person}/photo', {
          params,
          body: small as unknown as string,
          bodySerializer: (body) => body,
          headers: { 'Content-Type': 'image/jpeg' },
        }),
      );
    },
    onSuccess: () => {
      say(words.saved);
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/people/{person}/photo', { params })),
    onSuccess: () => {
      say(words.removed);
      return refresh();
    },
  });
  return (
    <div className="photo-field">
      <Face name={person.name} color={person.color} person={person.id} size="huge" />
      <div>
        <Actions>
          <FileTrigger
            acceptedFileTypes={['image/jpeg', 'image/png', 'image/webp']}
            onSelect={(files) => {
              const file = files?.[0];
              if (file) set.mutate(file);
            }}
          >
            <Button isPending={set.isPending}>{person.photo ? words.change : words.choose}</Button>
          </FileTrigger>
          {person.photo && (
            <Button look="quiet" isPending={remove.isPending} onPress={() => remove.mutate()}>
              {words.remove}
            </Button>
          )}
        </Actions>
        <p className="hint">{words.hint}</p>
      </div>
      {set.error instanceof NoPhoto ? (
        <p className="trouble" role="alert">
          {words.unreadable}
        </p>
      ) : (
        <Trouble error={set.error ?? remove.error} />
      )}
    </div>
  );
}
