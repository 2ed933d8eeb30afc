// An album's name, what it is, and who is let in; for a new one and for one that exists.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { accountsQuery, albumsQuery } from '../api/queries';
import type { Album, NewAlbum } from '../api/types';
import { mayHouse, mayMake, useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { Checks, Choice } from '../ui/Choice';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

interface Draft {
  name: string;
  kind: Album['kind'];
  members: string[];
}

export default function AlbumDialog({ album, onClose }: { album?: Album; onClose: () => void }) {
  const words = useWords();
  const { albums: said } = useLater();
  const session = useSession();
  const client = useQueryClient();
  const kinds = (['album', 'library'] as const).filter((kind) => mayMake(session, kind) || album?.kind === kind);
  const [draft, setDraft, forget] = useDraft<Draft>(`album.${album?.id ?? 'new'}`, {
    name: album?.name ?? '',
    kind: album?.kind ?? kinds[0] ?? 'album',
    members: album?.members ?? [],
  });
  const [isChecked, setIsChecked] = useState(false);
  const close = () => {
    forget();
    onClose();
  };
  const save = useMutation({
    mutationFn: () => {
      const body: NewAlbum = {
        name: draft.name.trim(),
        kind: draft.kind,
        ...(draft.kind === 'album' && { members: draft.members }),
      };
      return album
        ? ask(api.PUT('/albums/{album}', { params: { path: { album: album.id } }, body }))
        : ask(api.POST('/albums', { body }));
    },
    onSuccess: () => {
      close();
      say(words.common.saved);
      return client.invalidateQueries({ queryKey: albumsQuery.queryKey });
    },
  });
  return (
    <DialogBox title={album ? said.editTitle(album.name) : said.addTitle} isOpen onClose={close}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setIsChecked(true);
          if (!save.isPending && draft.name.trim()) save.mutate();
        }}
      >
        <Field
          label={said.name}
          value={draft.name}
          onChange={(name) => setDraft({ name })}
          maxLength={100}
          autoFocus
          autoComplete="off"
          error={
            fieldError(words, save.error, 'name') ??
            (isChecked && !draft.name.trim() ? words.common.required : undefined)
          }
        />
        {!album && kinds.length > 1 && (
          <Choice
            label={said.kind}
            value={draft.kind}
            onChange={(kind) => setDraft({ kind })}
            options={kinds.map((id) => ({
              id,
              name: said[id],
              hint: id === 'album' ? said.albumHint : said.libraryHint,
            }))}
          />
        )}
        {draft.kind === 'album' && <Members members={draft.members} onChange={(members) => setDraft({ members })} />}
        <Trouble error={save.error} />
        <Actions>
          <Button type="submit" look="first" isPending={save.isPending}>
            {words.common.save}
          </Button>
          <Button onPress={close}>{words.common.cancel}</Button>
        </Actions>
      </Form>
    </DialogBox>
  );
}

// Accounts are told to owners and administrators alone; others see how many are in, and leave them in.
function Members({ members, onChange }: { members: string[]; onChange: (members: string[]) => void }) {
  const { albums: said } = useLater();
  const session = useSession();
  const accounts = useQuery({ ...accountsQuery, enabled: mayHouse(session, 'accounts') });
  const others = (accounts.data ?? []).filter(({ id, is_disabled }) => id !== session.account.id && !is_disabled);
  if (others.length === 0)
    return (
      <div>
        <p>
          <strong>{said.members}</strong>
        </p>
        <p className="hint">{said.membersUnknown(members.length)}</p>
      </div>
    );
  return (
    <Checks
      label={said.members}
      value={members}
      onChange={onChange}
      options={others.map(({ id, name }) => ({ id, name }))}
    />
  );
}
