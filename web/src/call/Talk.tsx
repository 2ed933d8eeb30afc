// A recording that may be the rest of this talk: the line dropped and somebody called back. People say whether it is.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { api, ask } from '../api/client';
import { callQuery } from '../api/queries';
import type { CallDetails } from '../api/types';
import { callPath } from '../router/routes';
import { Actions, Button } from '../ui/Button';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

export function Talk({ call }: { call: CallDetails }) {
  const words = useWords();
  const { talk: said } = useLater();
  const now = useNow();
  const client = useQueryClient();
  const join = useMutation({
    mutationFn: (others: string[]) =>
      ask(api.PUT('/calls/{call}/talk', { params: { path: { call: call.id } }, body: { with: others } })),
    onSuccess: (changed, others) => {
      say(others.length > 0 ? said.isOne : said.isApart);
      client.setQueryData(callQuery(call.id).queryKey, changed);
      for (const other of others) void client.invalidateQueries({ queryKey: callQuery(other).queryKey });
    },
  });
  const offers = call.continues ?? [];
  if (offers.length === 0 || !call.may.includes('edit')) return null;
  return (
    <section className="fate" aria-labelledby="talk-title">
      <h2 id="talk-title">{said.title}</h2>
      {offers.map((offer) => (
        <p key={offer.call}>
          {offer.is_before ? said.before : said.after}{' '}
          <Link href={callPath(offer.call)}>{momentInWords(words, new Date(offer.started), now)}</Link>
        </p>
      ))}
      <Actions>
        <Button look="first" isPending={join.isPending} onPress={() => join.mutate(offers.map((offer) => offer.call))}>
          {said.one}
        </Button>
        <Button onPress={() => join.mutate([])}>{said.apart}</Button>
      </Actions>
      <Trouble error={join.error} />
    </section>
  );
}
