// One's password once more, before something that opens or closes a door.
import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { isType } from '../api/client';
import { useSession } from '../frame/session';
import { Actions, Button, type Look } from '../ui/Button';
import { PasswordField } from '../ui/Field';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

interface Props {
  label: string;
  look?: Look;
  error: unknown;
  isPending: boolean;
  onPassword: (password: string) => void;
  onCancel: () => void;
  children?: ReactNode; // further fields, before the password
}

export function AskPassword({ label, look = 'first', error, isPending, onPassword, onCancel, children }: Props) {
  const words = useWords();
  const { security } = useLater();
  const { account } = useSession();
  const [password, setPassword] = useState('');
  const isWrong = isType(error, 'wrong-password');
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending && password) onPassword(password);
      }}
    >
      <input type="text" name="username" autoComplete="username" defaultValue={account.name} hidden readOnly />
      {children}
      <PasswordField
        label={security.password}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        autoFocus={!children}
        error={isWrong ? security.wrongPassword : undefined}
      />
      {Boolean(error) && !isWrong && <Trouble error={error} />}
      <Actions>
        <Button type="submit" look={look} isDisabled={!password} isPending={isPending}>
          {label}
        </Button>
        <Button onPress={onCancel}>{words.common.cancel}</Button>
      </Actions>
    </Form>
  );
}
