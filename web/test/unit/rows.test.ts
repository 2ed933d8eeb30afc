import { describe, expect, test } from 'vitest';
import type { Call, CallPage } from '../../src/api/types';
import { dropFromPages, patchPages } from '../../src/api/patchCalls';
import { rowsOf } from '../../src/calls/useCalls';
import { barsOf } from '../../src/lanes/draw';

const call = (id: string, started: string): Call => ({
  id,
  started,
  duration_ms: 1,
  parties: [],
  direction: 'in',
  door: 'tap',
  purpose: 'wording',
  kind: 'call',
  is_unsure: false,
  answered: true,
  has_sound: true,
  is_cut_off: false,
  is_heard: true,
  is_kept: false,
  is_held: false,
  tags: [],
  notes: 0,
});
const names = (pages: CallPage[], isByDay = true) =>
  rowsOf(pages, isByDay).map((row) => ('day' in row ? row.day : `${row.index} ${row.call.id}`));

describe('the rows of a list', () => {
  const first: CallPage = { calls: [call('a', '2026-05-03T21:00:00Z'), call('b', '2026-05-03T20:00:00Z')], next: 'x' };
  const second: CallPage = { calls: [call('c', '2026-05-03T08:00:00Z'), call('d', '2026-05-02T21:59:00Z')] };
  test('have a heading for each day, also when a day goes over to the next page', () => {
    expect(names([first, second])).toEqual(['2026-05-03', '0 a', '1 b', '2 c', '2026-05-02', '3 d']);
  });
  test('are right again when a page before them changed', () => {
    const fewer: CallPage = { calls: [call('z', '2026-05-04T08:00:00Z')] };
    expect(names([fewer, second])).toEqual(['2026-05-04', '0 z', '2026-05-03', '1 c', '2026-05-02', '2 d']);
  });
  test('have no days when they are in another order', () => {
    expect(names([first, second], false)).toEqual(['0 a', '1 b', '2 c', '3 d']);
    expect(names([])).toEqual([]);
  });
});

describe('the bars of a lane', () => {
  test('are the loudest of their stretch, whether there are more points or fewer', () => {
    expect(barsOf([1, 9, 2, 3, 8, 0], 3)).toEqual([9, 3, 8]);
    expect(barsOf([5, 7], 4)).toEqual([5, 5, 7, 7]);
    expect(barsOf([], 2)).toEqual([0, 0]);
  });
});

describe('a change of a call', () => {
  test('is put into the pages that hold it, and leaves the others as they are', () => {
    const pages: CallPage[] = [{ calls: [call('a', ''), call('b', '')], next: 'x' }, { calls: [call('c', '')] }];
    const patched = patchPages(pages, new Map([['b', { tags: ['nieuw'] }]]));
    expect(patched.flatMap((page) => page.calls.map((c) => c.tags.length))).toEqual([0, 1, 0]);
    expect(patched[0]!.next).toBe('x');
    expect(patched[1]).toBe(pages[1]);
  });
  test('that removes it takes it out of the pages and off the count', () => {
    const pages: CallPage[] = [{ calls: [call('a', ''), call('b', '')], total: 3 }, { calls: [call('c', '')] }];
    const left = dropFromPages(pages, new Set(['b', 'x']));
    expect(left.map((page) => page.calls.map((c) => c.id))).toEqual([['a'], ['c']]);
    expect(left[0]!.total).toBe(2);
  });
});
