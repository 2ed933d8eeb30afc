// A new webhook: where to, what is told, and its secret, once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { webhookEvents, type WebhookEvent } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { Checks } from '../ui/Choice';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { Once } from '../ui/Once';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { webhooksQuery } from './queries';

interface Draft {
  url: string;
  events: WebhookEvent[];
}

export default function WebhookDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft<Draft>('webhook', { url: '', events: ['recording.made'] });
  const [isChecked, setIsChecked] = useState(false);
  const close = () => {
    forget();
    onClose();
  };
  const make = useMutation({
    mutationFn: () => ask(api.POST('/webhooks', { body: { url: draft.url.trim(), events: draft.events } })),
    onSuccess: () => {
      forget();
      return client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    },
  });
  if (make.data)
    return (
      <DialogBox title={programs.addWebhook} isOpen onClose={close}>
        <Once title={programs.webhookMade} hint={programs.once} label={programs.secret} value={make.data.secret} />
      </DialogBox>
    );
  const submit = () => {
    setIsChecked(true);
    if (!make.isPending && draft.url.trim() && draft.events.length > 0) make.mutate();
  };
  return (
    <DialogBox title={programs.addWebhook} isOpen onClose={close} size="wide">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={programs.url}
          hint={programs.urlHint}
          type="url"
          value={draft.url}
          onChange={(url) => setDraft({ url })}
          maxLength={2000}
          autoFocus
          autoComplete="off"
          error={
            fieldError(words, make.error, 'url') ?? (isChecked && !draft.url.trim() ? words.common.required : undefined)
          }
        />
        <Checks
          label={programs.events}
          value={draft.events}
          onChange={(chosen) => setDraft({ events: chosen as WebhookEvent[] })}
          options={webhookEvents.map((id) => ({ id, name: programs.event[id] ?? id }))}
          error={
            fieldError(words, make.error, 'events') ??
            (isChecked && draft.events.length === 0 ? programs.scopesWanted : undefined)
          }
        />
        <Trouble error={make.error} />
        <Actions>
          <Button type="submit" look="first" isPending={make.isPending}>
            {programs.addWebhook}
          </Button>
          <Button onPress={close}>{words.common.cancel}</Button>
        </Actions>
      </Form>
    </DialogBox>
  );
}
