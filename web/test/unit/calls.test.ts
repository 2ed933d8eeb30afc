import { describe, expect, test } from 'vitest';
import type { Call, Direction } from '../../src/api/types';
import { callInWords, nameOf, othersInWords, ourSideInWords } from '../../src/words/calls';
import { en } from '../../src/words/en';
import { nl } from '../../src/words/nl';

const now = new Date('2026-11-26T12:00:00+01:00');
const call = (
  direction: Direction,
  parties: [name: string, number: string][],
): Pick<Call, 'parties' | 'direction' | 'started' | 'duration_ms'> => ({
  direction,
  started: '2026-05-01T12:10:00Z',
  duration_ms: 12 * 60_000,
  parties: parties.map(([name, number]) => ({ name, number })),
});

describe('who a call was with', () => {
  const toJan = call('out', [
    ['Marie', '+31201'],
    ['Jan', '+31202'],
  ]);
  test('is told in one sentence', () => {
    expect(callInWords(nl, toJan, ['+31201'], now)).toBe('vrijdag 1 mei, ’s\u00a0middags, 12 minuten, met Jan');
    expect(callInWords(en, toJan, ['+31201'], now)).toBe('Friday 1 May, in the afternoon, 12 minutes, with Jan');
  });
  test('is seen from the asker’s own number, whatever the direction', () => {
    expect(othersInWords(nl, toJan, ['+31202'])).toBe('Marie');
    expect(ourSideInWords(nl, toJan, ['+31201'])).toBe('u belde');
    expect(ourSideInWords(nl, toJan, ['+31202'])).toBe('belde u');
  });
  test('of a telephone’s recording is told without it, and who called only when it is known', () => {
    const brought = (direction: Direction, ownFirst: boolean) => {
      const own = { name: '', number: '', is_own: true };
      const oma = { name: 'Oma', number: '+31209' };
      return { ...call(direction, []), parties: ownFirst ? [own, oma] : [oma, own] };
    };
    expect(othersInWords(nl, brought('unknown', true), [])).toBe('Oma');
    expect(ourSideInWords(nl, brought('unknown', true), [])).toBe('');
    expect(ourSideInWords(nl, brought('in', false), [])).toBe('belde u');
    expect(ourSideInWords(nl, brought('out', true), ['+31201'])).toBe('u belde');
  });
  test('of others’ calls the direction tells which side is ours', () => {
    const toUs = call('in', [
      ['Jan', '+31202'],
      ['Sanne', '+31203'],
    ]);
    expect(othersInWords(nl, toUs, [])).toBe('Jan');
    expect(ourSideInWords(nl, toUs, [])).toBe('belde Sanne');
    expect(ourSideInWords(nl, toJan, [])).toBe('gebeld door Marie');
  });
  test('is everybody when nobody is ours', () => {
    expect(
      othersInWords(
        nl,
        call('internal', [
          ['Kees', '1'],
          ['Sanne', '2'],
        ]),
        [],
      ),
    ).toBe('Kees en Sanne');
    expect(ourSideInWords(nl, call('unknown', [['Kees', '1']]), [])).toBe('');
    expect(othersInWords(en, call('unknown', []), [])).toBe('unknown number');
  });
  test('names go before numbers, and numbers before nothing', () => {
    expect(
      [
        { name: 'Jan', number: '1' },
        { name: ' ', number: '1' },
        { name: '', number: '' },
      ].map((party) => nameOf(nl, party)),
    ).toEqual(['Jan', '1', 'onbekend nummer']);
  });
});
