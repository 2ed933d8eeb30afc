// Name and password, then the authenticator's code (or a recovery code) when it is asked for; or a passkey in place of
// all three. Used at the door and over a page whose session ended.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask, isType } from '../api/client';
import { sessionQuery } from '../api/queries';
import type { Session } from '../api/types';
import { canUsePasskeys, PasskeyError, proveByPasskey } from '../security/passkey';
import { PasskeyTrouble } from '../security/PasskeyTrouble';
import { Button } from '../ui/Button';
import { Field, PasswordField } from '../ui/Field';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { sessionLost, setSignedIn } from './lost';

function useEnter() {
  const client = useQueryClient();
  return (session: Session) => {
    client.setQueryData(sessionQuery.queryKey, session);
    setSignedIn(true);
    sessionLost.set(false);
    void client.invalidateQueries({
      predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'status',
    });
  };
}

export function SignInForm({ firstName = '' }: { firstName?: string }) {
  const words = useWords();
  const { security } = useLater();
  const enter = useEnter();
  const [name, setName] = useState(firstName);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [wantsCode, setWantsCode] = useState(false);
  const [isRecovery, setIsRecovery] = useState(false);
  const [wasWrong, setWasWrong] = useState(false);

  const signIn = useMutation({
    mutationFn: () => {
      const said = code.replace(/\s/g, '');
      return ask(api.POST('/session', { body: { name, password, ...(said && { code: said }) } }));
    },
    onSuccess: enter,
    onError: (error) => {
      if (!isType(error, 'second-factor-wanted')) return;
      setWantsCode(true);
      setWasWrong(code !== '');
    },
  });
  const isWrong = isType(signIn.error, 'wrong-password');
  const isAboutCode = isType(signIn.error, 'second-factor-wanted');

  return (
    <div className="sign-in">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!signIn.isPending) signIn.mutate();
        }}
      >
        <Field
          label={words.door.name}
          name="username"
          autoComplete="username"
          value={name}
          onChange={setName}
          isRequired
          autoFocus={!firstName}
        />
        <PasswordField
          label={words.door.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
          autoFocus={Boolean(firstName)}
          error={isWrong ? words.door.wrong : undefined}
        />
        {wantsCode && (
          <>
            <Field
              key={isRecovery ? 'recovery' : 'code'}
              label={isRecovery ? security.recoveryCode : words.door.code}
              hint={wasWrong || isRecovery ? undefined : security.codeWanted}
              name="code"
              inputMode={isRecovery ? 'text' : 'numeric'}
              autoComplete={isRecovery ? 'off' : 'one-time-code'}
              value={code}
              onChange={setCode}
              maxLength={20}
              autoFocus
              error={isAboutCode && wasWrong ? security.codeNotRight : undefined}
            />
            <Button
              look="quiet"
              onPress={() => {
                setIsRecovery(!isRecovery);
                setCode('');
                setWasWrong(false);
              }}
            >
              {isRecovery ? security.codeInstead : security.recoveryInstead}
            </Button>
          </>
        )}
        {signIn.error && !isWrong && !isAboutCode && <Trouble error={signIn.error} />}
        <Button type="submit" look="first" className="wide" isPending={signIn.isPending}>
          {words.door.signIn}
        </Button>
      </Form>
      {canUsePasskeys() && <ByPasskey onEnter={enter} />}
    </div>
  );
}

function ByPasskey({ onEnter }: { onEnter: (session: Session) => void }) {
  const { security } = useLater();
  const signIn = useMutation({
    mutationFn: async () => {
      const { publicKey } = await ask(api.POST('/session/passkey/options'));
      return ask(api.POST('/session/passkey', { body: await proveByPasskey(publicKey) }));
    },
    onSuccess: onEnter,
  });
  return (
    <>
      <Button className="wide" isPending={signIn.isPending} onPress={() => signIn.mutate()}>
        {security.signIn}
      </Button>
      {signIn.error instanceof PasskeyError ? (
        <PasskeyTrouble error={signIn.error} />
      ) : (
        <Trouble error={signIn.error} />
      )}
    </>
  );
}
