// Addresses that are told what happens: on or off, tried out, and what came of the latest messages.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { api, ask } from '../api/client';
import type { Delivery, Webhook } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { OnOff } from '../ui/Choice';
import { Confirm } from '../ui/Confirm';
import { Failed, Loading, Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { list, momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater, type Later } from '../words/later';
import { deliveriesQuery, webhooksQuery } from './queries';

const WebhookDialog = lazy(() => import('./WebhookDialog'));

export function Webhooks() {
  const { programs } = useLater();
  const webhooks = useQuery(webhooksQuery);
  const [open, setOpen] = useState<Webhook | 'new' | null>(null);
  return (
    <section aria-labelledby="webhooks-title">
      <h2 id="webhooks-title">{programs.webhooks}</h2>
      <p className="hint">{programs.webhooksHint}</p>
      {webhooks.isPending ? (
        <Loading />
      ) : webhooks.isError ? (
        <Failed
          error={webhooks.error}
          onRetry={() => {
            void webhooks.refetch();
          }}
        />
      ) : webhooks.data.length === 0 ? (
        <p>{programs.noWebhooks}</p>
      ) : (
        <ul className="rows">
          {webhooks.data.map((webhook) => (
            <Row key={webhook.id} webhook={webhook} onRemove={() => setOpen(webhook)} />
          ))}
        </ul>
      )}
      <Actions>
        <Button onPress={() => setOpen('new')}>{programs.addWebhook}</Button>
      </Actions>
      {open === 'new' && (
        <Suspense>
          <WebhookDialog onClose={() => setOpen(null)} />
        </Suspense>
      )}
      {open && open !== 'new' && <Remove webhook={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

// Why a message did not arrive. The server's own sentence is English.
function whyNot(programs: Later['programs'], { status }: Delivery): string {
  return status ? programs.gaveStatus(status) : programs.noAnswer;
}

function Row({ webhook, onRemove }: { webhook: Webhook; onRemove: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const now = useNow();
  const client = useQueryClient();
  const path = { webhook: webhook.id };
  const refresh = () => client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  const turn = useMutation({
    mutationFn: (is_on: boolean) => ask(api.PATCH('/webhooks/{webhook}', { params: { path }, body: { is_on } })),
    onSuccess: refresh,
  });
  const test = useMutation({
    mutationFn: () => ask(api.POST('/webhooks/{webhook}/test', { params: { path } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey });
      return refresh();
    },
  });
  const outcome = test.data?.delivery;
  const last = webhook.last_at ? momentInWords(words, new Date(webhook.last_at), now) : '';
  return (
    <li className={`row row-tall ${webhook.is_on ? '' : 'is-off'}`}>
      <div className="row-words">
        <p className="row-name">{webhook.url}</p>
        <p className="hint">
          {[
            list(
              words,
              webhook.events.map((event) => programs.event[event] ?? event),
            ),
            last ? programs.answered(webhook.last_status ?? 0, last) : programs.never,
            webhook.waiting > 0 ? programs.waiting(webhook.waiting) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <Actions>
        <OnOff
          isSelected={webhook.is_on}
          isDisabled={turn.isPending}
          onChange={(on) => turn.mutate(on)}
          aria-label={programs.onOf(webhook.url)}
        >
          {programs.on}
        </OnOff>
        <Button isPending={test.isPending} aria-label={programs.testOf(webhook.url)} onPress={() => test.mutate()}>
          {programs.test}
        </Button>
        <Button look="danger" aria-label={programs.removeWebhook(webhook.url)} onPress={onRemove}>
          {words.common.remove}
        </Button>
      </Actions>
      <div role="status">
        {outcome && (
          <p className={outcome.state === 'delivered' ? 'good' : 'trouble'}>
            {outcome.state === 'delivered'
              ? programs.testGood(outcome.status ?? 200)
              : programs.testBad(whyNot(programs, outcome))}
          </p>
        )}
      </div>
      <Trouble error={test.error ?? turn.error} />
      <Deliveries webhook={webhook.id} />
    </li>
  );
}

function Deliveries({ webhook }: { webhook: string }) {
  const words = useWords();
  const { programs } = useLater();
  const now = useNow();
  const [isOpen, setIsOpen] = useState(false);
  const deliveries = useQuery({ ...deliveriesQuery(webhook), enabled: isOpen });
  return (
    <Disclosure className="disclosure" isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <Heading level={3}>
        <Button slot="trigger" look="quiet">
          {programs.deliveries}
        </Button>
      </Heading>
      <DisclosurePanel>
        {!isOpen ? null : deliveries.isPending ? (
          <Loading />
        ) : deliveries.isError ? (
          <Trouble error={deliveries.error} />
        ) : deliveries.data.length === 0 ? (
          <p className="hint">{programs.noDeliveries}</p>
        ) : (
          <ol className="plain-list">
            {deliveries.data.map((delivery) => (
              <li key={delivery.id}>
                <span className="hint">{momentInWords(words, new Date(delivery.at), now)}</span>{' '}
                {[
                  programs.event[delivery.event] ?? delivery.event,
                  programs.state[delivery.state],
                  delivery.state === 'delivered' ? '' : whyNot(programs, delivery),
                  delivery.tries > 1 ? programs.tries(delivery.tries) : '',
                ]
                  .filter(Boolean)
                  .join(', ')}
              </li>
            ))}
          </ol>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/webhooks/{webhook}', { params: { path: { webhook: webhook.id } } })),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    },
  });
  return (
    <Confirm
      title={programs.removeWebhookTitle}
      text={programs.removeWebhookHint}
      yes={words.common.remove}
      error={remove.error}
      isPending={remove.isPending}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
