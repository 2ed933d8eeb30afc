// The custody log: who heard, downloaded, shared or was denied what. Its filters are in the address, too.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-aria-components';
import { accountsQuery, albumsQuery, logQuery, peopleQuery, type LogFilters } from '../api/queries';
import { SearchBox } from '../calls/SearchBox';
import { hasRole, mayHouse, useSession } from '../frame/session';
import { navigate, useSearch } from '../router/location';
import { aCall, callPath, startOfCall } from '../router/routes';
import { Button } from '../ui/Button';
import { Pick } from '../ui/Pick';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { eventInWords, whoInWords, type Names } from './logWords';

export function logFiltersFrom(search: string): LogFilters {
  const asked = new URLSearchParams(search);
  const found: LogFilters = {};
  for (const key of ['who', 'what', 'recording'] as const) {
    const value = asked.get(key)?.slice(0, 100);
    if (value) found[key] = value;
  }
  return found;
}

// As far as the reader may know them; without, a line says less.
function useNames(): Names {
  const albums = useQuery(albumsQuery).data;
  const people = useQuery(peopleQuery).data;
  const accounts = useQuery({ ...accountsQuery, enabled: mayHouse(useSession(), 'accounts') }).data;
  return useMemo(
    () => new Map([albums, people, accounts].flatMap((all) => (all ?? []).map(({ id, name }) => [id, name] as const))),
    [albums, people, accounts],
  );
}

export default function LogPage() {
  const words = useWords();
  const now = useNow();
  const session = useSession();
  const search = useSearch();
  const filters = useMemo(() => logFiltersFrom(search), [search]);
  const query = useInfiniteQuery(logQuery(filters));
  const change = (changed: LogFilters) => {
    const address = new URLSearchParams(Object.entries({ ...filters, ...changed }).filter(([, value]) => value));
    navigate(`/logboek${address.size > 0 ? `?${address}` : ''}`, { replace: true });
  };
  const events = query.data?.pages.flat() ?? [];
  const names = useNames();
  const seesAll = hasRole(session, 'owner', 'auditor');
  return (
    <div className="page">
      <PageTitle title={words.log.title}>{words.log.title}</PageTitle>
      <p className="lead">{words.log.intro}</p>
      <div className="log-tools">
        {seesAll && (
          <SearchBox label={words.log.filterWho} value={filters.who ?? ''} onSearch={(who) => change({ who })} />
        )}
        <Pick
          label={words.log.filterWhat}
          value={filters.what ?? ''}
          onChange={(what) => change({ what })}
          options={[
            { id: '', name: words.common.any },
            ...Object.entries(words.log.events).map(([id, name]) => ({ id, name })),
          ]}
        />
        {filters.recording && (
          <Button className="chip" onPress={() => change({ recording: '' })}>
            {filters.recording}
            <span aria-hidden>×</span>
          </Button>
        )}
      </div>
      {query.isPending ? (
        <Loading />
      ) : query.isError && events.length === 0 ? (
        <Failed
          error={query.error}
          onRetry={() => {
            void query.refetch();
          }}
        />
      ) : events.length === 0 ? (
        <Blank title={words.log.empty} />
      ) : (
        <ol className="log">
          {events.map((event) => (
            <li key={event.number} className="log-event">
              <time dateTime={event.at}>{momentInWords(words, new Date(event.at), now)}</time>
              <div>
                <p className="log-what">
                  <strong>{whoInWords(words, event.who)}</strong> {eventInWords(words, event, names)}
                </p>
                <p className="hint">
                  {event.recording && aCall.test(event.recording) && (
                    <Link href={callPath(event.recording, event.from_ms)}>
                      {words.log.openCall(momentInWords(words, startOfCall(event.recording), now))}
                    </Link>
                  )}
                  {event.recording && event.from && ' · '}
                  {event.from && words.log.fromAddress(event.from)}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button
          isPending={query.isFetchingNextPage}
          onPress={() => {
            void query.fetchNextPage();
          }}
        >
          {words.log.older}
        </Button>
      )}
    </div>
  );
}
