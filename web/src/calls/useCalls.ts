// The pages of the list as one list, with a heading wherever a new day begins.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { callsQuery } from '../api/queries';
import type { Call, CallPage } from '../api/types';
import { dayKey } from '../words/dates';
import type { Filters } from './filters';

export type Row = { day: string; at: Date } | { call: Call; index: number };

export function rowsOf(pages: readonly CallPage[], isByDay: boolean): Row[] {
  const rows: Row[] = [];
  let day = '';
  let index = 0;
  for (const page of pages) {
    for (const call of page.calls) {
      const at = new Date(call.started);
      const key = isByDay ? dayKey(at) : '';
      if (key !== day) {
        day = key;
        rows.push({ day, at });
      }
      rows.push({ call, index: index++ });
    }
  }
  return rows;
}

export function useCalls(filters: Filters) {
  const query = useInfiniteQuery(callsQuery(filters));
  const isByDay = filters.sort === undefined || filters.sort === 'newest' || filters.sort === 'oldest';
  const pages = query.data?.pages;
  const rows = useMemo(() => rowsOf(pages ?? [], isByDay), [pages, isByDay]);
  return { query, rows, isByDay, total: pages?.[0]?.total };
}
