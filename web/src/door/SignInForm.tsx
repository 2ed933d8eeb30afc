// Name, password, and the authenticator's code when it is asked for. Used at the door and over a page whose session ended.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask, isType } from '../api/client';
import { sessionQuery } from '../api/queries';
import { Button } from '../ui/Button';
import { Field, PasswordField } from '../ui/Field';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { sessionLost } from './lost';

export function SignInForm({ firstName = '' }: { firstName?: string }) {
  const words = useWords();
  const client = useQueryClient();
  const [name, setName] = useState(firstName);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [wantsCode, setWantsCode] = useState(false);

  const signIn = useMutation({
    mutationFn: () => ask(api.POST('/session', { body: { name, password, ...(code && { code }) } })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      sessionLost.set(false);
      void client.invalidateQueries({
        predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'status',
      });
    },
    onError: (error) => {
      if (isType(error, 'second-factor-wanted')) setWantsCode(true);
    },
  });
  const isWrong = isType(signIn.error, 'wrong-password');
  const codeError = isType(signIn.error, 'second-factor-wanted') ? words.door.codeWanted : undefined;

  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
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
        <Field
          label={words.door.code}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={setCode}
          error={codeError}
        />
      )}
      {signIn.error && !isWrong && !codeError && <Trouble error={signIn.error} />}
      <Button type="submit" look="first" className="wide" isPending={signIn.isPending}>
        {words.door.signIn}
      </Button>
    </Form>
  );
}
