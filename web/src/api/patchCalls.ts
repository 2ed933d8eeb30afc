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
const columns = ['purpose', 'tags', 'is_kept', 'notes'] as const;
export const columnsOf = (call: Call): Partial<Call> =>
  Object.fromEntries(columns.map((column) => [column, call[column]]));

export function patchCalls(client: QueryClient, changed: ReadonlyMap<string, Partial<Call>>) {
  client.setQueriesData<InfiniteData<CallPage>>(
    { queryKey: ['calls'] },
    (data) => data && { ...data, pages: patchPages(data.pages, changed) },
  );
}
