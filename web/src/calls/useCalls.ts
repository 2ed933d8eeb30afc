// The pages of the list as one list, with a heading wherever a new day begins.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { callsQuery } from '../api/queries';
import type { Call, CallPage } from '../api/types';
import { dayKey } from '../words/dates';
import type { Filters } from './filters';

export type Row = { day: string; at: Date } | { call: Call; index: number };

interface PageRows {
  isByDay: boolean;
  after: string;
  from: number;
  day: string;
  next: number;
  rows: Row[];
}
const known = new WeakMap<CallPage, PageRows>();

function rowsOfPage(page: CallPage, isByDay: boolean, after: string, from: number): PageRows {
  const rows: Row[] = [];
  let day = after;
  let next = from;
  for (const call of page.calls) {
    const at = new Date(call.started);
    const key = isByDay ? dayKey(at) : '';
    if (key !== day) {
      day = key;
      rows.push({ day, at });
    }
    rows.push({ call, index: next++ });
  }
  return { isByDay, after, from, day, next, rows };
}

// A page's rows are made once: of a hundred thousand calls, a new page costs as little as of a hundred.
export function rowsOf(pages: readonly CallPage[], isByDay: boolean): Row[] {
  const all: Row[] = [];
  let day = '';
  let from = 0;
  for (const page of pages) {
    let made = known.get(page);
    if (!made || made.isByDay !== isByDay || made.after !== day || made.from !== from) {
      made = rowsOfPage(page, isByDay, day, from);
      known.set(page, made);
    }
    for (const row of made.rows) all.push(row);
    ({ day, next: from } = made);
  }
  return all;
}

export function useCalls(filters: Filters) {
  const query = useInfiniteQuery(callsQuery(filters));
  const isByDay = filters.sort === undefined || filters.sort === 'newest' || filters.sort === 'oldest';
  const pages = query.data?.pages;
  const rows = useMemo(() => rowsOf(pages ?? [], isByDay), [pages, isByDay]);
  return { query, rows, isByDay, total: pages?.[0]?.total };
}
