// The access keys of programs.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { api, ask } from '../api/client';
import type { Token } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { Failed, Loading } from '../ui/states';
import { Tag } from '../ui/Tags';
import { useNow } from '../ui/useNow';
import { momentInWords, shortDay } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { tokensQuery } from './queries';

const TokenDialog = lazy(() => import('./TokenDialog'));

export function Tokens() {
  const { programs } = useLater();
  const tokens = useQuery(tokensQuery);
  const [open, setOpen] = useState<Token | 'new' | null>(null);
  return (
    <section aria-labelledby="tokens-title">
      <h2 id="tokens-title">{programs.tokens}</h2>
      <p className="hint">{programs.tokensHint}</p>
      {tokens.isPending ? (
        <Loading />
      ) : tokens.isError ? (
        <Failed
          error={tokens.error}
          onRetry={() => {
            void tokens.refetch();
          }}
        />
      ) : tokens.data.length === 0 ? (
        <p>{programs.noTokens}</p>
      ) : (
        <ul className="rows">
          {tokens.data.map((token) => (
            <Row key={token.id} token={token} onRemove={() => setOpen(token)} />
          ))}
        </ul>
      )}
      <Actions>
        <Button onPress={() => setOpen('new')}>{programs.addToken}</Button>
      </Actions>
      {open === 'new' && (
        <Suspense>
          <TokenDialog onClose={() => setOpen(null)} />
        </Suspense>
      )}
      {open && open !== 'new' && <Remove token={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Row({ token, onRemove }: { token: Token; onRemove: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const now = useNow();
  return (
    <li className="row">
      <div className="row-words">
        <p className="row-name">
          {token.name}{' '}
          {token.scopes.map((scope) => (
            <Tag key={scope} look="soft">
              {programs.scope[scope]}
            </Tag>
          ))}
        </p>
        <p className="hint">
          {[
            programs.by(token.by),
            token.ends_at ? programs.until(shortDay(words, new Date(token.ends_at), now)) : programs.noEnd,
            token.used_at ? programs.used(momentInWords(words, new Date(token.used_at), now)) : programs.unused,
          ].join(' · ')}
        </p>
      </div>
      <Button look="danger" aria-label={`${words.common.remove}: ${token.name}`} onPress={onRemove}>
        {words.common.remove}
      </Button>
    </li>
  );
}

function Remove({ token, onClose }: { token: Token; onClose: () => void }) {
  const words = useWords();
  const { programs } = useLater();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/tokens/{token}', { params: { path: { token: token.id } } })),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  return (
    <Confirm
      title={programs.removeTokenTitle(token.name)}
      text={programs.removeTokenHint}
      yes={words.common.remove}
      error={remove.error}
      isPending={remove.isPending}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
