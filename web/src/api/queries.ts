// What the window asks the server for, and what becomes stale when something is changed.
import {
  QueryClient,
  keepPreviousData,
  queryOptions,
  infiniteQueryOptions,
  QueryCache,
  MutationCache,
} from '@tanstack/react-query';
import { filtersToQuery, type Filters } from '../calls/filters';
import { sessionLost } from '../door/lost';
import { ApiError, api, ask } from './client';
import { anewMost } from './patchCalls';
import type { CallPage } from './types';

// Some 401 are about what was typed, not about who asks.
const aboutTyping = ['wrong-password', 'second-factor-wanted', 'word-wanted', 'wrong-word'];

// A session that ended is noticed by whichever request comes first; the page stays as it is.
function noticeLostSession(error: unknown) {
  if (error instanceof ApiError && error.status === 401 && !aboutTyping.includes(error.type)) sessionLost.set(true);
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (!['session', 'shared', 'shared-peaks'].includes(query.queryKey[0] as string)) noticeLostSession(error);
      },
    }),
    mutationCache: new MutationCache({ onError: noticeLostSession }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retryDelay: 400,
        retry: (times, error) => !(error instanceof ApiError && error.status < 500) && times < 2,
      },
      mutations: { networkMode: 'always' },
    },
  });
}

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => ask(api.GET('/status', { signal })),
  staleTime: Infinity,
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask(api.GET('/session', { signal })),
  staleTime: Infinity,
});

const pageCalls = 100;

// Names and colours changed: every list shows them, and none is worth keeping.
export async function forgetNames(client: QueryClient) {
  client.removeQueries({ queryKey: ['calls'], type: 'inactive' });
  await client.invalidateQueries({
    predicate: ({ queryKey }) => ['people', 'calls', 'call'].includes(queryKey[0] as string),
  });
}

export const callsQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['calls', filters],
    queryFn: ({ pageParam, signal }): Promise<CallPage> => {
      const query = {
        ...filtersToQuery(filters),
        limit: pageCalls,
        ...(pageParam ? { cursor: pageParam } : { count: true }),
      };
      return ask(api.GET('/calls', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    structuralSharing: false, // comparing a hundred thousand rows after each page would cost more than it saves
    staleTime: 60_000,
    // Anew as far as it was read: of a list read far down that would be hundreds of requests.
    refetchOnMount: (query) => (query.state.data?.pages.length ?? 0) <= anewMost,
  });

export const callQuery = (call: string) =>
  queryOptions({
    queryKey: ['call', call],
    queryFn: ({ signal }) => ask(api.GET('/calls/{call}', { params: { path: { call } }, signal })),
  });

export const peaksQuery = (call: string, points: number) =>
  queryOptions({
    queryKey: ['peaks', call, points],
    queryFn: ({ signal }) =>
      ask(api.GET('/calls/{call}/peaks', { params: { path: { call }, query: { points } }, signal })),
    staleTime: Infinity,
  });

export const linksQuery = (call: string) =>
  queryOptions({
    queryKey: ['links', call],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/calls/{call}/links', { params: { path: { call } }, signal }))).links,
  });

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await ask(api.GET('/people', { signal }))).people,
});

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async ({ signal }) => (await ask(api.GET('/tags', { signal }))).tags,
});

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await ask(api.GET('/accounts', { signal }))).accounts,
});

export const albumsQuery = queryOptions({
  queryKey: ['albums'],
  queryFn: async ({ signal }) => (await ask(api.GET('/albums', { signal }))).albums,
});

export const retentionQuery = queryOptions({
  queryKey: ['retention'],
  queryFn: ({ signal }) => ask(api.GET('/retention', { signal })),
});

export const liveQuery = queryOptions({
  queryKey: ['live'],
  queryFn: async ({ signal }) => (await ask(api.GET('/live', { signal }))).calls,
});

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async ({ signal }) => (await ask(api.GET('/jobs', { signal }))).jobs,
});

export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: ['job', job],
    queryFn: ({ signal }) => ask(api.GET('/jobs/{job}', { params: { path: { job } }, signal })),
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => ask(api.GET('/imports/{import}', { params: { path: { import: id } }, signal })),
  });

// Asked again while something is being made ready to be heard.
export const preparingQuery = queryOptions({
  queryKey: ['imports', 'preparing'],
  queryFn: ({ signal }) => ask(api.GET('/imports', { signal })),
  refetchInterval: ({ state }) => (state.data && state.data.to_prepare > 0 ? 2_000 : false),
});

export const nameTemplatesQuery = queryOptions({
  queryKey: ['name-templates'],
  queryFn: ({ signal }) => ask(api.GET('/name-templates', { signal })),
});

export const namePreviewQuery = (template: string, names: readonly string[]) =>
  queryOptions({
    queryKey: ['name-preview', template, names],
    queryFn: ({ signal }) =>
      ask(
        api.POST('/name-templates/preview', {
          body: { template, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, names: [...names] },
          signal,
        }),
      ),
  });

export interface LogFilters {
  who?: string;
  what?: string;
  recording?: string;
}
const pageEvents = 100;

export const logQuery = (filters: LogFilters) =>
  infiniteQueryOptions({
    queryKey: ['log', filters],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: pageEvents, ...filters, ...(pageParam ? { before: pageParam } : {}) };
      return (await ask(api.GET('/log', { params: { query }, signal }))).events;
    },
    initialPageParam: 0,
    getNextPageParam: (events) => (events.length < pageEvents ? undefined : events.at(-1)?.number),
    staleTime: 0,
  });

export const sharedQuery = (secret: string, word: string) =>
  queryOptions({
    queryKey: ['shared', secret, word],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/shared/{secret}', {
          params: {
            path: { secret }, // A header has no letters beyond Latin: the word is sent percent-encoded.
            header: word ? { 'X-Naklank-Word': encodeURIComponent(word) } : {},
          },
          signal,
        }),
      ),
    staleTime: Infinity,
    retry: false,
  });

export const sharedPeaksQuery = (secret: string, ticket: string, points: number) =>
  queryOptions({
    queryKey: ['shared-peaks', secret, ticket, points],
    queryFn: ({ signal }) =>
      ask(api.GET('/shared/{secret}/peaks', { params: { path: { secret }, query: { ticket, points } }, signal })),
    staleTime: Infinity,
  });
