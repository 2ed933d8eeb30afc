// What changed of a call is put into the lists that are held, as the server told it: asking for all their pages anew
// would be a hundred requests for one tag.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Call, CallPage } from './types';

export function patchPages(pages: readonly CallPage[], changed: ReadonlyMap<string, Partial<Call>>): CallPage[] {
  return pages.map((page) =>
    page.calls.some((call) => changed.has(call.id))
      ? { ...page, calls: page.calls.map((call) => ({ ...call, ...changed.get(call.id) })) }
      : page,
  );
}

// Of a call in full, what a list shows.
const columns = ['purpose', 'tags', 'is_kept', 'is_held', 'goes_at', 'removed_at', 'deleted_at', 'notes'] as const;
export const columnsOf = (call: Call): Partial<Call> =>
  Object.fromEntries(columns.map((column) => [column, call[column]]));

export function patchCalls(client: QueryClient, changed: ReadonlyMap<string, Partial<Call>>) {
  client.setQueriesData<InfiniteData<CallPage>>(
    { queryKey: ['calls'] },
    (data) => data && { ...data, pages: patchPages(data.pages, changed) },
  );
}

// Takes calls out of the lists that are held, and off their counts.
export function dropFromPages(pages: readonly CallPage[], gone: ReadonlySet<string>): CallPage[] {
  const dropped = pages.reduce((sum, page) => sum + page.calls.filter((call) => gone.has(call.id)).length, 0);
  if (dropped === 0) return [...pages];
  return pages.map((page) => ({
    ...page,
    calls: page.calls.filter((call) => !gone.has(call.id)),
    ...(page.total !== undefined && { total: page.total - dropped }),
  }));
}

// `from`: the lists of what is there, or those of what lies in safekeeping.
export function dropCalls(client: QueryClient, gone: ReadonlySet<string>, from: 'lists' | 'safekeeping' = 'lists') {
  client.setQueriesData<InfiniteData<CallPage>>(
    {
      queryKey: ['calls'],
      predicate: ({ queryKey }) =>
        ((queryKey[1] as { only?: string } | undefined)?.only === 'safekeeping') === (from === 'safekeeping'),
    },
    (data) => data && { ...data, pages: dropFromPages(data.pages, gone) },
  );
}

export const anewMost = 5;
const pagesOf = (data: unknown) => (data as InfiniteData<CallPage> | undefined)?.pages.length ?? 0;

// Asks for the lists in sight anew, as far as that is few requests; the others when they come into sight.
export const refreshLists = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: ['calls'], predicate: ({ state }) => pagesOf(state.data) <= anewMost });

// Whether a list in sight is too long to be asked for anew.
export const hasLongList = (client: QueryClient) =>
  client
    .getQueryCache()
    .findAll({ queryKey: ['calls'], type: 'active' })
    .some(({ state }) => pagesOf(state.data) > anewMost);
