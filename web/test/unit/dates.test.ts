import { describe, expect, test } from 'vitest';
import {
  clockTime,
  dayHeading,
  dayInWords,
  dayKey,
  lengthInWords,
  list,
  momentInWords,
  partOfDay,
  placeInWords,
  shortDay,
  timeCode,
} from '../../src/words/dates';
import { en } from '../../src/words/en';
import { nl } from '../../src/words/nl';

const now = new Date('2026-11-26T12:00:00+01:00');
const at = (text: string) => new Date(text);

describe('days', () => {
  test('are written out, with the year when it is another', () => {
    expect(dayInWords(nl, at('2026-05-01T14:00:00+02:00'), now)).toBe('vrijdag 1 mei');
    expect(dayInWords(nl, at('2019-05-03T14:00:00+02:00'), now)).toBe('vrijdag 3 mei 2019');
    expect(dayInWords(en, at('2019-05-03T14:00:00+02:00'), now)).toBe('Friday 3 May 2019');
    expect(shortDay(nl, at('2026-05-01T14:00:00+02:00'), now)).toBe('1 mei');
  });
  test('today and yesterday go by name, also across the clock’s change', () => {
    expect(dayHeading(nl, at('2026-11-26T00:01:00+01:00'), now)).toEqual({
      name: 'Vandaag',
      date: 'donderdag 26 november',
    });
    expect(dayHeading(nl, at('2026-11-25T23:59:00+01:00'), now).name).toBe('Gisteren');
    expect(dayHeading(en, at('2026-11-24T23:59:00+01:00'), now)).toEqual({ name: 'Tuesday 24 November', date: '' });
    expect(dayHeading(nl, at('2026-10-24T23:59:00+02:00'), at('2026-10-25T23:00:00+01:00')).name).toBe('Gisteren');
  });
  test('begin at midnight here, not in UTC', () => {
    expect(dayKey(at('2026-11-25T23:30:00Z'))).toBe('2026-11-26');
  });
  test('a day has four parts', () => {
    const parts = ['00:00', '05:59', '06:00', '11:59', '12:00', '17:59', '18:00', '23:59'].map((time) =>
      partOfDay(nl, at(`2026-05-01T${time}:00+02:00`)).slice(3),
    );
    expect(parts).toEqual(['nachts', 'nachts', 'ochtends', 'ochtends', 'middags', 'middags', 'avonds', 'avonds']);
    expect(partOfDay(en, at('2026-05-01T13:00:00+02:00'))).toBe('in the afternoon');
  });
  test('moments name their day and time', () => {
    expect(momentInWords(nl, at('2026-11-26T08:05:00+01:00'), now)).toBe('vandaag om 08:05');
    expect(momentInWords(en, at('2026-11-01T18:05:00+01:00'), now)).toBe('1 November at 18:05');
    expect(clockTime(nl, at('2026-11-26T00:05:00+01:00'))).toBe('00:05');
  });
});

describe('lengths', () => {
  test('are in words, as people say them', () => {
    const said = [
      0,
      1_000,
      40_000,
      59_400,
      59_600,
      90_000,
      12 * 60_000 + 4_000,
      3_599_000,
      3_600_000,
      3_660_000,
      7_500_000,
    ].map((ms) => lengthInWords(nl, ms));
    expect(said).toEqual([
      '0 seconden',
      '1 seconde',
      '40 seconden',
      '59 seconden',
      '59 seconden',
      '2 minuten',
      '12 minuten',
      '1 uur',
      '1 uur',
      '1 uur en 1 minuut',
      '2 uur en 5 minuten',
    ]);
    expect(lengthInWords(en, 7_200_000)).toBe('2 hours');
  });
  test('places are short to see and long to hear', () => {
    expect([0, 63_900, 3_723_000].map(timeCode)).toEqual(['0:00', '1:03', '1:02:03']);
    expect(placeInWords(nl, 0)).toBe('0 seconden');
    expect(placeInWords(nl, 63_000)).toBe('1 minuut en 3 seconden');
    expect(placeInWords(en, 3_600_000)).toBe('1 hour');
    expect(placeInWords(nl, 3_723_000)).toBe('1 uur, 2 minuten en 3 seconden');
  });
  test('lists end in "and"', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => list(nl, items))).toEqual([
      '',
      'a',
      'a en b',
      'a, b en c',
    ]);
  });
});
