// One's own language, face and password. A choice is saved as it is made.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { ApiError, api, ask } from '../api/client';
import { sessionQuery } from '../api/queries';
import type { Account, Face, Language } from '../api/types';
import { SignOut } from '../frame/SignOut';
import { hasRole, mayBring, useSession } from '../frame/session';
import { accountPath } from '../router/routes';
import { Actions, Button, LinkButton } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { PasswordField } from '../ui/Field';
import { PageTitle } from '../ui/PageTitle';
import { say } from '../ui/said';
import { Trouble, fieldError } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

const passwordLeast = 10;

export default function SettingsPage() {
  const words = useWords();
  const { albums, keeping, numbers, security, imports } = useLater();
  const session = useSession();
  const client = useQueryClient();
  const { account } = session;
  const change = useMutation({
    mutationFn: (body: { language?: Language; face?: Face }) => ask(api.PATCH('/me', { body })),
    onSuccess: (changed: Account) => client.setQueryData(sessionQuery.queryKey, { ...session, account: changed }),
  });
  return (
    <div className="page page-settings">
      <PageTitle title={words.settings.title}>{words.settings.title}</PageTitle>
      <p className="lead">{words.nav.signedInAs(account.name)}</p>
      <div className="form">
        <Choice
          label={words.settings.face}
          value={account.face}
          isDisabled={change.isPending}
          onChange={(face) => change.mutate({ face })}
          options={[
            { id: 'calm', name: words.settings.calm, hint: words.settings.calmHint },
            { id: 'full', name: words.settings.full, hint: words.settings.fullHint },
          ]}
        />
        <Choice
          label={words.settings.language}
          value={account.language}
          isDisabled={change.isPending}
          onChange={(language) => change.mutate({ language })}
          options={[
            { id: 'nl', name: 'Nederlands' },
            { id: 'en', name: 'English' },
          ]}
        />
        <Trouble error={change.error} />
      </div>
      <section>
        <h2>{words.settings.numbers}</h2>
        <p>{account.numbers.length > 0 ? account.numbers.join(', ') : numbers.none}</p>
        {hasRole(session, 'owner') ? (
          <Actions>
            <LinkButton href={accountPath(account.id)}>{numbers.change}</LinkButton>
          </Actions>
        ) : (
          <p className="hint">{numbers.byOwner}</p>
        )}
      </section>
      <NewPassword name={account.name} />
      <section>
        <h2>{security.title}</h2>
        <p className="hint">{security.intro}</p>
        <Actions>
          <LinkButton href="/beveiliging">{security.open}</LinkButton>
        </Actions>
      </section>
      {account.face === 'calm' && (
        <section>
          <h2>{words.settings.more}</h2>
          <Actions>
            <SignOut />
            {mayBring(session) && <LinkButton href="/binnenhalen">{imports.title}</LinkButton>}
            <LinkButton href="/albums">{albums.title}</LinkButton>
            <LinkButton href="/in-bewaring">{keeping.bin}</LinkButton>
            <LinkButton href="/beheer">{words.nav.house}</LinkButton>
            <LinkButton href="/logboek">{words.log.title}</LinkButton>
          </Actions>
        </section>
      )}
    </div>
  );
}

function NewPassword({ name }: { name: string }) {
  const words = useWords();
  const [old_password, setOld] = useState('');
  const [password, setNew] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const change = useMutation({
    mutationFn: () => ask(api.PATCH('/me', { body: { password, old_password } })),
    onSuccess: () => {
      setOld('');
      setNew('');
      setIsChecked(false);
      say(words.settings.passwordChanged);
    },
  });
  const isWrongOld = change.error instanceof ApiError && change.error.type === 'wrong-password';
  const submit = () => {
    setIsChecked(true);
    if (!change.isPending && old_password && password.length >= passwordLeast) change.mutate();
  };
  return (
    <section>
      <h2>{words.settings.password}</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <input type="text" name="username" autoComplete="username" defaultValue={name} hidden readOnly />
        <PasswordField
          label={words.settings.oldPassword}
          autoComplete="current-password"
          value={old_password}
          onChange={setOld}
          error={
            fieldError(words, change.error, 'old_password') ??
            (isWrongOld ? words.settings.wrongOld : isChecked && !old_password ? words.common.required : undefined)
          }
        />
        <PasswordField
          label={words.settings.newPassword}
          hint={words.setUp.passwordHint}
          autoComplete="new-password"
          value={password}
          onChange={setNew}
          error={
            fieldError(words, change.error, 'password') ??
            (isChecked && password.length < passwordLeast ? words.common.tooShort(passwordLeast) : undefined)
          }
        />
        {change.error && !isWrongOld && <Trouble error={change.error} />}
        <Button type="submit" isPending={change.isPending}>
          {words.settings.changePassword}
        </Button>
      </Form>
    </section>
  );
}
