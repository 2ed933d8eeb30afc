// A code on one's phone, asked for besides the password: turned on in three steps, and off again.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask, isStatus, isType } from '../api/client';
import { sessionQuery } from '../api/queries';
import { useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Loading, Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { AskPassword } from './AskPassword';
import { inGroups } from './secret';
import { RecoveryCodes } from './RecoveryCodes';

const QrCode = lazy(() => import('./QrCode'));

interface Secret {
  secret: string;
  uri: string;
}

export function Authenticator() {
  const { security } = useLater();
  const { account } = useSession();
  const setOn = useSetAuthenticator();
  const [step, setStep] = useState<'rest' | 'password' | 'remove'>('rest');
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({
    mutationFn: (password: string) => ask(api.POST('/me/authenticator', { body: { password } })),
    onSuccess: (made) => {
      setSecret(made);
      setStep('rest');
    },
  });
  const isOn = account.has_authenticator;
  return (
    <section aria-labelledby="totp-title">
      <h2 id="totp-title">{security.totp}</h2>
      <p className="hint">{security.totpHint}</p>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
      ) : secret && !isOn ? (
        <Confirm
          secret={secret}
          onOn={(recovery) => {
            setSecret(null);
            setCodes(recovery);
            setOn(true);
            say(security.onNow);
          }}
          onCancel={() => setSecret(null)}
        />
      ) : (
        <Actions>
          <p>
            <strong>{isOn ? security.isOn : security.isOff}</strong>
          </p>
          {isOn ? (
            <Button look="danger" onPress={() => setStep('remove')}>
              {security.remove}
            </Button>
          ) : (
            step === 'rest' && <Button onPress={() => setStep('password')}>{security.begin}</Button>
          )}
        </Actions>
      )}
      {step === 'password' && !secret && (
        <AskPassword
          label={security.further}
          error={begin.error}
          isPending={begin.isPending}
          onPassword={(password) => begin.mutate(password)}
          onCancel={() => setStep('rest')}
        />
      )}
      {step === 'remove' && (
        <Remove
          onClose={() => setStep('rest')}
          onOff={() => {
            setStep('rest');
            setOn(false);
            say(security.removed);
          }}
        />
      )}
    </section>
  );
}

function useSetAuthenticator() {
  const client = useQueryClient();
  return (has_authenticator: boolean) =>
    client.setQueryData(
      sessionQuery.queryKey,
      (old) => old && { ...old, account: { ...old.account, has_authenticator } },
    );
}

interface ConfirmProps {
  secret: Secret;
  onOn: (recovery: string[]) => void;
  onCancel: () => void;
}

function Confirm({ secret, onOn, onCancel }: ConfirmProps) {
  const words = useWords();
  const { security } = useLater();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => ask(api.PUT('/me/authenticator', { body: { code: code.replace(/\s/g, '') } })),
    onSuccess: (told) => onOn(told.recovery_codes),
  });
  const isWrong = isStatus(confirm.error, 422) || isType(confirm.error, 'wrong-code');
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!confirm.isPending && code.trim()) confirm.mutate();
      }}
    >
      <h3>{security.scan}</h3>
      <div className="secret">
        <Suspense fallback={<Loading />}>
          <QrCode text={secret.uri} label={security.qr} />
        </Suspense>
        <div>
          <p className="hint">{security.orType}</p>
          <p className="secret-text">
            <code>{inGroups(secret.secret)}</code>
          </p>
        </div>
      </div>
      <Field
        label={security.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        maxLength={20}
        autoFocus
        className="field-short"
        error={isWrong ? security.codeWrong : undefined}
      />
      {!isWrong && <Trouble error={confirm.error} />}
      <Actions>
        <Button type="submit" look="first" isDisabled={!code.trim()} isPending={confirm.isPending}>
          {security.confirm}
        </Button>
        <Button onPress={onCancel}>{words.common.cancel}</Button>
      </Actions>
    </Form>
  );
}

function Remove({ onClose, onOff }: { onClose: () => void; onOff: () => void }) {
  const { security } = useLater();
  const remove = useMutation({
    // A header has no letters beyond Latin: the password is sent percent-encoded.
    mutationFn: (password: string) =>
      ask(
        api.DELETE('/me/authenticator', {
          params: { header: { 'X-Naklank-Password': encodeURIComponent(password) } },
        }),
      ),
    onSuccess: onOff,
  });
  return (
    <DialogBox title={security.removeTitle} isOpen onClose={onClose}>
      <p>{security.removeHint}</p>
      <AskPassword
        label={security.remove}
        look="danger"
        error={remove.error}
        isPending={remove.isPending}
        onPassword={(password) => remove.mutate(password)}
        onCancel={onClose}
      />
    </DialogBox>
  );
}
