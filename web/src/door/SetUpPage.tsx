// The first visit: two questions, the first account, and where the recordings go. What was typed stays when the server refuses a field, and
// when the page is loaded anew (all but the password).
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask, isStatus, isType } from '../api/client';
import { sessionQuery, statusQuery } from '../api/queries';
import type { Language } from '../api/types';
import { navigate, useSearch } from '../router/location';
import { Button, LinkButton } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { Field, PasswordField, linesOf, notANumber } from '../ui/Field';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useSetLanguage, useWords } from '../words/context';
import { Door } from './Door';
import { setSignedIn } from './lost';

const passwordLeast = 10;
type ForWhom = 'home' | 'company';

// What was pasted may be the whole link.
export const codeIn = (text: string) => /[?&]code=([^&#\s]+)/.exec(text)?.[1] ?? text.trim();

export default function SetUpPage() {
  const words = useWords();
  const setLanguage = useSetLanguage();
  const client = useQueryClient();
  const status = useQuery(statusQuery);
  const linkCode = new URLSearchParams(useSearch()).get('code') ?? '';
  const [draft, setDraft, forget] = useDraft('set-up', {
    code: linkCode,
    forWhom: 'home' as ForWhom,
    name: '',
    numbers: '',
  });
  const [password, setPassword] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const code = linkCode || codeIn(draft.code);
  const codeBox = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (linkCode) setDraft({ code: linkCode });
  }, [linkCode, setDraft]);

  const setUp = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/setup', {
          body: {
            code,
            for_whom: draft.forWhom,
            language: words.code as Language,
            name: draft.name.trim(),
            password,
            numbers: linesOf(draft.numbers),
          },
        }),
      ),
    onSuccess: (session) => {
      forget();
      client.setQueryData(statusQuery.queryKey, (old) => (old ? { ...old, is_set_up: true } : old));
      client.setQueryData(sessionQuery.queryKey, session);
      setSignedIn(true);
      navigate('/', { replace: true });
    },
    // A link of an earlier start: from now on the page asks for the code, and says where the right link is.
    onError: (error) => {
      if (isType(error, 'wrong-code')) navigate('/opzetten', { replace: true });
    },
  });
  const isWrongCode = isType(setUp.error, 'wrong-code');
  useEffect(() => {
    if (isWrongCode) codeBox.current?.querySelector('input')?.focus();
  }, [isWrongCode]);

  const nameError =
    fieldError(words, setUp.error, 'name') ?? (isChecked && !draft.name.trim() ? words.common.required : undefined);
  const passwordError =
    fieldError(words, setUp.error, 'password') ??
    (isChecked && password.length < passwordLeast ? words.common.tooShort(passwordLeast) : undefined);
  const wrongNumber = notANumber(linesOf(draft.numbers));
  const codeError = isWrongCode
    ? words.problems['wrong-code']
    : (fieldError(words, setUp.error, 'code') ?? (isChecked && !code ? words.common.required : undefined));
  const numbersError =
    fieldError(words, setUp.error, 'numbers') ??
    (isChecked && wrongNumber ? words.common.notANumber(wrongNumber) : undefined);
  const submit = () => {
    setIsChecked(true);
    if (!setUp.isPending && draft.name.trim() && password.length >= passwordLeast && code && !wrongNumber)
      setUp.mutate();
  };

  if (status.data?.is_set_up || isStatus(setUp.error, 409)) {
    return (
      <Door>
        <PageTitle title={words.setUp.title}>{words.setUp.title}</PageTitle>
        <Blank
          title={words.setUp.already}
          actions={
            <LinkButton look="first" href="/">
              {words.door.signIn}
            </LinkButton>
          }
        />
      </Door>
    );
  }
  return (
    <Door size="wide">
      <PageTitle title={words.setUp.title}>{words.setUp.title}</PageTitle>
      <p className="lead">{words.setUp.intro}</p>
      <Form
        className="form set-up"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <section className="step">
          <Choice
            label={<Step n={1} text={words.setUp.forWhom} />}
            value={draft.forWhom}
            onChange={(forWhom) => setDraft({ forWhom })}
            options={[
              { id: 'home', name: words.setUp.home, hint: words.setUp.homeHint },
              { id: 'company', name: words.setUp.company, hint: words.setUp.companyHint },
            ]}
          />
        </section>
        <section className="step">
          <Choice
            label={<Step n={2} text={words.setUp.language} />}
            value={words.code as Language}
            onChange={setLanguage}
            options={[
              { id: 'nl', name: 'Nederlands' },
              { id: 'en', name: 'English' },
            ]}
          />
        </section>
        <section className="step">
          <h2>{words.setUp.account}</h2>
          <p className="hint">{words.setUp.accountHint}</p>
          {!linkCode && (
            <div ref={codeBox}>
              <Field
                label={words.setUp.code}
                hint={words.setUp.codeHint}
                value={draft.code}
                onChange={(value) => setDraft({ code: value })}
                autoComplete="off"
                error={codeError}
              />
            </div>
          )}
          <Field
            label={words.setUp.name}
            name="username"
            autoComplete="username"
            value={draft.name}
            onChange={(name) => setDraft({ name })}
            error={nameError}
          />
          <PasswordField
            label={words.door.password}
            hint={words.setUp.passwordHint}
            name="password"
            autoComplete="new-password"
            value={password}
            onChange={setPassword}
            error={passwordError}
          />
          <Field
            label={words.setUp.numbers}
            hint={words.setUp.numbersHint}
            rows={3}
            value={draft.numbers}
            onChange={(numbers) => setDraft({ numbers })}
            error={numbersError}
          />
        </section>
        <section className="step">
          <h2>{words.setUp.where}</h2>
          <p className="path">{status.data?.archive ?? words.setUp.whereUnknown}</p>
          <p className="hint">{words.setUp.whereHint}</p>
        </section>
        {!isWrongCode && <Trouble error={setUp.error} />}
        <Button type="submit" look="first" className="wide" isPending={setUp.isPending}>
          {words.setUp.finish}
        </Button>
      </Form>
    </Door>
  );
}

function Step({ n, text }: { n: number; text: string }) {
  return (
    <span className="step-title">
      <span className="step-number" aria-hidden>
        {n}
      </span>
      {text}
    </span>
  );
}
