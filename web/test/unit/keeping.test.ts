import { describe, expect, test } from 'vitest';
import { onDay } from '../../src/words/dates';
import { en } from '../../src/words/en';
import { fateInWords } from '../../src/words/keeping';
import { nl } from '../../src/words/nl';

const now = new Date('2026-11-26T12:00:00+01:00');
const at = (text: string) => new Date(text);
const call = { is_kept: false, is_held: false };

describe('a day to come', () => {
  test('goes by name when it is near, and what should have been is today', () => {
    expect(
      ['2026-11-20T08:00:00+01:00', '2026-11-26T23:59:00+01:00', '2026-11-27T00:01:00+01:00'].map((day) =>
        onDay(nl, at(day), now),
      ),
    ).toEqual(['vandaag', 'vandaag', 'morgen']);
    expect(onDay(nl, at('2027-03-03T12:00:00+01:00'), now)).toBe('op 3 maart 2027');
    expect(onDay(en, at('2026-12-03T12:00:00+01:00'), now)).toBe('on 3 December');
  });
});

describe('what becomes of a call', () => {
  test('is told when it is near, gently in the calm face', () => {
    const goes = { ...call, goes_at: '2026-12-03T12:00:00Z' };
    expect(fateInWords(nl, goes, now)).toBe('gaat op 3 december naar de bewaarplaats');
    expect(fateInWords(nl, goes, now, true)).toBe('gaat op 3 december weg');
    expect(fateInWords(en, goes, now)).toBe('goes into safekeeping on 3 December');
  });
  test('is not told when it is far away, or nothing', () => {
    expect(fateInWords(nl, { ...call, goes_at: '2027-03-03T12:00:00Z' }, now)).toBe('');
    expect(fateInWords(nl, call, now)).toBe('');
  });
  test('keeping and holding go before a rule, safekeeping before all', () => {
    const goes_at = '2026-12-03T12:00:00Z';
    expect(fateInWords(nl, { ...call, is_kept: true, goes_at }, now)).toBe('');
    expect(fateInWords(nl, { ...call, is_held: true, goes_at }, now)).toBe('');
    expect(
      fateInWords(
        nl,
        { ...call, is_kept: true, removed_at: '2026-11-26T08:00:00Z', deleted_at: '2026-12-26T08:00:00Z' },
        now,
      ),
    ).toBe('terug te halen tot 26 december');
  });
});
