// One account: its name, roles, numbers, teams, and a new password; for a new one and for one that exists.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { accountsQuery, sessionQuery } from '../api/queries';
import { roles, type Account, type Face, type Language, type Role } from '../api/types';
import { isHome, useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { Checks, Choice, OnOff } from '../ui/Choice';
import { DialogBox } from '../ui/DialogBox';
import { Field, PasswordField, linesOf, notANumber } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';

const passwordLeast = 10;
const ofCompanies: readonly Role[] = ['manager', 'trainer', 'employee'];

interface Draft {
  name: string;
  roles: Role[];
  numbers: string;
  team: string;
  leads: string;
  language: Language;
  face: Face;
  is_disabled: boolean;
}

const draftOf = (account: Account | undefined, language: Language, first: Role): Draft => ({
  name: account?.name ?? '',
  roles: account?.roles ?? [first],
  numbers: account?.numbers.join('\n') ?? '',
  team: account?.team ?? '',
  leads: account?.leads.join('\n') ?? '',
  language: account?.language ?? language,
  face: account?.face ?? 'full',
  is_disabled: account?.is_disabled ?? false,
});

export default function AccountDialog({ account, onClose }: { account?: Account; onClose: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const isAtHome = isHome(useSession());
  const [draft, setDraft, forget] = useDraft<Draft>(
    `account.${account?.id ?? 'new'}`,
    draftOf(account, words.code as Language, isAtHome ? 'family' : 'employee'),
  );
  const [password, setPassword] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const close = () => {
    forget();
    onClose();
  };
  const isPasswordShort = (account === undefined || password !== '') && password.length < passwordLeast;
  // What an account has already, it may keep.
  const wrongNumber = notANumber(linesOf(draft.numbers).filter((number) => !account?.numbers.includes(number)));
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: draft.name.trim(),
        roles: draft.roles,
        numbers: linesOf(draft.numbers),
        team: draft.team.trim(),
        leads: linesOf(draft.leads),
        language: draft.language,
        face: draft.face,
      };
      return account
        ? ask(
            api.PATCH('/accounts/{account}', {
              params: { path: { account: account.id } },
              body: { ...body, is_disabled: draft.is_disabled, ...(password && { password }) },
            }),
          )
        : ask(api.POST('/accounts', { body: { ...body, password } }));
    },
    onSuccess: async () => {
      close();
      say(words.common.saved);
      await Promise.all([
        client.invalidateQueries({ queryKey: accountsQuery.queryKey }),
        client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
    },
  });
  // At home nobody leads a team; what an account has is shown wherever it is.
  const offered = roles.filter((role) => !isAtHome || !ofCompanies.includes(role) || account?.roles.includes(role));
  const hasTeams = !isAtHome || Boolean(account && (account.team || account.leads.length > 0));
  const submit = () => {
    setIsChecked(true);
    if (!save.isPending && draft.name.trim() && draft.roles.length > 0 && !isPasswordShort && !wrongNumber)
      save.mutate();
  };
  return (
    <DialogBox
      title={account ? words.accounts.editTitle(account.name) : words.accounts.addTitle}
      isOpen
      onClose={close}
      size="wide"
    >
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={words.accounts.name}
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
        <Checks
          label={words.accounts.roles}
          value={draft.roles}
          onChange={(chosen) => setDraft({ roles: chosen as Role[] })}
          options={offered.map((id) => ({ id, name: words.accounts.role[id], hint: words.accounts.roleHint[id] }))}
          error={
            fieldError(words, save.error, 'roles') ??
            (isChecked && draft.roles.length === 0 ? words.accounts.rolesWanted : undefined)
          }
        />
        <Field
          label={words.accounts.numbers}
          hint={words.accounts.numbersHint}
          rows={2}
          value={draft.numbers}
          onChange={(numbers) => setDraft({ numbers })}
          error={
            fieldError(words, save.error, 'numbers') ??
            (isChecked && wrongNumber ? words.common.notANumber(wrongNumber) : undefined)
          }
        />
        {hasTeams && (
          <div className="form-row">
            <Field
              label={words.accounts.team}
              value={draft.team}
              onChange={(team) => setDraft({ team })}
              maxLength={100}
              error={fieldError(words, save.error, 'team')}
            />
            <Field
              label={words.accounts.leads}
              hint={words.accounts.leadsHint}
              rows={2}
              value={draft.leads}
              onChange={(leads) => setDraft({ leads })}
              error={fieldError(words, save.error, 'leads')}
            />
          </div>
        )}
        <Choice
          label={words.common.language}
          look="row"
          value={draft.language}
          onChange={(language) => setDraft({ language })}
          options={[
            { id: 'nl', name: 'Nederlands' },
            { id: 'en', name: 'English' },
          ]}
        />
        <Choice
          label={words.accounts.face}
          look="row"
          value={draft.face}
          onChange={(face) => setDraft({ face })}
          options={[
            { id: 'calm', name: words.settings.calm },
            { id: 'full', name: words.settings.full },
          ]}
        />
        <PasswordField
          label={account ? words.accounts.newPassword : words.door.password}
          hint={account ? words.accounts.newPasswordHint : words.setUp.passwordHint}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          error={
            fieldError(words, save.error, 'password') ??
            (isChecked && isPasswordShort ? words.common.tooShort(passwordLeast) : undefined)
          }
        />
        {account && (
          <div>
            <OnOff isSelected={draft.is_disabled} onChange={(is_disabled) => setDraft({ is_disabled })}>
              {words.accounts.disabled}
            </OnOff>
            <p className="hint">{words.accounts.disabledHint}</p>
          </div>
        )}
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
