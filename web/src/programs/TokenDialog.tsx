// A new access key: what it may do, how long, and its secret, once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { scopes, type Scope } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { Checks, Choice } from '../ui/Choice';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { Once } from '../ui/Once';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { tokensQuery } from './queries';

// Where ACR Phone on a telephone sends to; the key is its secret.
const hookOf = (token: string) => `${location.origin}/api/v1/hooks/acr-phone/${token}?purpose=memory`;

const lengths = [30, 90, 365] as const;

interface Draft {
  name: string;
  scopes: Scope[];
  days: string; // empty: for ever
}

export default function TokenDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft<Draft>('token', { name: '', scopes: ['read'], days: '90' });
  const [isChecked, setIsChecked] = useState(false);
  const close = () => {
    forget();
    onClose();
  };
  const make = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/tokens', {
          body: {
            name: draft.name.trim(),
            scopes: draft.scopes,
            ...(draft.days && { days: Number(draft.days) }),
          },
        }),
      ),
    onSuccess: () => {
      forget();
      return client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  if (make.data)
    return (
      <DialogBox title={programs.addToken} isOpen onClose={close}>
        <Once
          title={programs.tokenMade(make.data.token.name)}
          hint={programs.once}
          label={programs.secret}
          value={make.data.secret}
        />
        {make.data.token.scopes.includes('write') && (
          <p className="hint">
            {programs.acrAddress} <code className="path">{hookOf(make.data.token.id)}</code>
          </p>
        )}
      </DialogBox>
    );
  const submit = () => {
    setIsChecked(true);
    if (!make.isPending && draft.name.trim() && draft.scopes.length > 0) make.mutate();
  };
  return (
    <DialogBox title={programs.addToken} isOpen onClose={close} size="wide">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={programs.name}
          hint={programs.nameHint}
          value={draft.name}
          onChange={(name) => setDraft({ name })}
          maxLength={100}
          autoFocus
          autoComplete="off"
          error={
            fieldError(words, make.error, 'name') ??
            (isChecked && !draft.name.trim() ? words.common.required : undefined)
          }
        />
        <Checks
          label={programs.scopes}
          value={draft.scopes}
          onChange={(chosen) => setDraft({ scopes: chosen as Scope[] })}
          options={scopes.map((id) => ({ id, name: programs.scope[id], hint: programs.scopeHint[id] }))}
          error={
            fieldError(words, make.error, 'scopes') ??
            (isChecked && draft.scopes.length === 0 ? programs.scopesWanted : undefined)
          }
        />
        <Choice
          label={programs.days}
          look="row"
          value={draft.days}
          onChange={(days) => setDraft({ days })}
          options={[
            ...lengths.map((n) => ({ id: String(n), name: programs.dayCount(n) })),
            { id: '', name: programs.forEver },
          ]}
        />
        <Trouble error={make.error} />
        <Actions>
          <Button type="submit" look="first" isPending={make.isPending}>
            {programs.addToken}
          </Button>
          <Button onPress={close}>{words.common.cancel}</Button>
        </Actions>
      </Form>
    </DialogBox>
  );
}
