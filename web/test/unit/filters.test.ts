import { describe, expect, test } from 'vitest';
import {
  filterCount,
  filtersFromAddress,
  filtersToAddress,
  filtersToQuery,
  lengthChoice,
  withFilter,
  type Filters,
} from '../../src/calls/filters';

const all: Filters = {
  q: 'van Dijk & co',
  from: '2026-05-03',
  to: '2026-05-04',
  person: 'p1',
  number: '+31201234567',
  direction: 'in',
  purpose: 'memory',
  door: 'tap',
  min: 60,
  max: 300,
  tag: 'a=b',
  album: 'm1',
  only: 'going',
  sort: 'longest',
};

describe('filters in the address', () => {
  test('come back as they were', () => {
    expect(filtersFromAddress(filtersToAddress(all))).toEqual(all);
    expect(filtersToAddress({})).toBe('');
  });
  test('nonsense is left out', () => {
    expect(
      filtersFromAddress(
        '?from=gisteren&to=2026-13-40&direction=up&purpose=&min=-1&max=1.5&sort=random&door=constructor&only=lost&other=1',
      ),
    ).toEqual({});
    expect(filtersFromAddress(`?q=${'x'.repeat(300)}`).q).toHaveLength(200);
    expect(filtersFromAddress('?sort=newest')).toEqual({});
  });
  test('the server is asked for moments: a day from its beginning to its end, here', () => {
    expect(filtersToQuery({ from: '2026-05-03', to: '2026-05-03', min: 60 })).toEqual({
      from: '2026-05-02T22:00:00.000Z',
      to: '2026-05-03T22:00:00.000Z',
      min_ms: 60_000,
    });
    expect(filtersToQuery({ to: '2026-10-25' })).toEqual({ to: '2026-10-25T23:00:00.000Z' });
  });
  test('clearing one leaves no trace', () => {
    expect(withFilter(all, { q: '', min: undefined, max: undefined })).not.toHaveProperty('q');
    expect(Object.keys(withFilter({ tag: 'x' }, { tag: undefined }))).toEqual([]);
  });
  test('a length is one filter, though it has two ends', () => {
    expect(filterCount(all)).toBe(11);
    expect(filterCount({ min: 900 })).toBe(1);
    expect([{}, { max: 60 }, { min: 60, max: 300 }, { min: 900 }, { min: 7 }].map(lengthChoice)).toEqual([
      'any',
      'short',
      'middle',
      'longer',
      'other',
    ]);
  });
});
