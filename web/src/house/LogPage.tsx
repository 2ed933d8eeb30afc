// The custody log: who heard, downloaded, shared or was denied what. Its filters are in the address, too.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-aria-components';
import { logQuery, type LogFilters } from '../api/queries';
import type { LogEvent } from '../api/types';
import { SearchBox } from '../calls/SearchBox';
import { useSession, hasRole } from '../frame/session';
import { navigate, useSearch } from '../router/location';
import { aCall, callPath, startOfCall } from '../router/routes';
import { Button } from '../ui/Button';
import { Pick } from '../ui/Pick';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords, timeCode } from '../words/dates';
import { useWords } from '../words/context';
import type { Words } from '../words/nl';

export function logFiltersFrom(search: string): LogFilters {
  const asked = new URLSearchParams(search);
  const found: LogFilters = {};
  for (const key of ['who', 'what', 'recording'] as const) {
    const value = asked.get(key)?.slice(0, 100);
    if (value) found[key] = value;
  }
  return found;
}

// A detail begins with the name that the server has for what it is about; people know it by what follows.
const ownName = /^[a-z]-[0-9a-z]+(: )?/;

// "luisterde, van 0:00 tot 1:03"
export function eventInWords(words: Words, event: LogEvent): string {
  const part =
    event.from_ms !== undefined && event.to_ms !== undefined
      ? words.log.part(timeCode(event.from_ms), timeCode(event.to_ms))
      : '';
  const detail = event.what === 'set-up' ? '' : (event.detail ?? '').replace(ownName, '');
  return [words.log.events[event.what] ?? event.what, part, detail].filter(Boolean).join(', ');
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
                  <strong>{event.who === 'system' ? words.log.system : event.who}</strong> {eventInWords(words, event)}
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
