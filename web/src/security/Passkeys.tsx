// One's passkeys: which there are, a new one, and taking one away.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import type { Passkey } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Failed, Loading, Trouble } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { AskPassword } from './AskPassword';
import { PasskeyError, canUsePasskeys, makePasskey } from './passkey';
import { PasskeyTrouble } from './PasskeyTrouble';

const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await ask(api.GET('/me/passkeys', { signal }))).passkeys,
});

export function Passkeys() {
  const { security } = useLater();
  const passkeys = useQuery(passkeysQuery);
  const [open, setOpen] = useState<Passkey | 'new' | null>(null);
  return (
    <section aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{security.passkeys}</h2>
      <p className="hint">{security.passkeysHint}</p>
      {passkeys.isPending ? (
        <Loading />
      ) : passkeys.isError ? (
        <Failed
          error={passkeys.error}
          onRetry={() => {
            void passkeys.refetch();
          }}
        />
      ) : passkeys.data.length === 0 ? (
        <p>{security.noPasskeys}</p>
      ) : (
        <ul className="rows">
          {passkeys.data.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} onRemove={() => setOpen(passkey)} />
          ))}
        </ul>
      )}
      {!canUsePasskeys() ? (
        <p className="hint">{security.notHere}</p>
      ) : open === 'new' ? (
        <NewPasskey onDone={() => setOpen(null)} />
      ) : (
        <Actions>
          <Button onPress={() => setOpen('new')}>{security.addPasskey}</Button>
        </Actions>
      )}
      {open && open !== 'new' && <Remove passkey={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Row({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const words = useWords();
  const { security } = useLater();
  const now = useNow();
  const when = (text: string) => momentInWords(words, new Date(text), now);
  return (
    <li className="row">
      <div className="row-words">
        <p className="row-name">{passkey.name}</p>
        <p className="hint">
          {security.made(when(passkey.made_at))} ·{' '}
          {passkey.used_at ? security.used(when(passkey.used_at)) : security.unused}
        </p>
      </div>
      <Button look="danger" aria-label={security.removePasskey(passkey.name)} onPress={onRemove}>
        {words.common.remove}
      </Button>
    </li>
  );
}

function NewPasskey({ onDone }: { onDone: () => void }) {
  const { security } = useLater();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft('passkey', { name: '' });
  const done = () => {
    forget();
    onDone();
  };
  const add = useMutation({
    mutationFn: async (password: string) => {
      const { publicKey } = await ask(api.POST('/me/passkeys/options', { body: { password } }));
      const credential = await makePasskey(publicKey);
      return ask(api.POST('/me/passkeys', { body: { name: draft.name.trim() || security.passkeys, credential } }));
    },
    onSuccess: () => {
      done();
      say(security.passkeyMade);
      return client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    },
  });
  const isOurs = add.error instanceof PasskeyError;
  return (
    <>
      <AskPassword
        label={security.addPasskey}
        error={isOurs ? null : add.error}
        isPending={add.isPending}
        onPassword={(password) => add.mutate(password)}
        onCancel={done}
      >
        <Field
          label={security.passkeyName}
          hint={security.passkeyNameHint}
          value={draft.name}
          onChange={(name) => setDraft({ name })}
          maxLength={100}
          autoFocus
          autoComplete="off"
        />
      </AskPassword>
      {isOurs && <PasskeyTrouble error={add.error as PasskeyError} />}
    </>
  );
}

function Remove({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const words = useWords();
  const { security } = useLater();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/me/passkeys/{passkey}', { params: { path: { passkey: passkey.id } } })),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: passkeysQuery.queryKey });
    },
  });
  return (
    <DialogBox title={security.removePasskeyTitle(passkey.name)} isOpen onClose={onClose}>
      <p>{security.removePasskeyHint}</p>
      <Trouble error={remove.error} />
      <Actions>
        <Button look="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
          {words.common.remove}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}
