import { describe, expect, test } from 'vitest';
import { eventInWords, logFiltersFrom } from '../../src/house/LogPage';
import { linesOf, notANumber } from '../../src/ui/Field';
import { firstLanguage } from '../../src/words/context';
import { en } from '../../src/words/en';
import { nl } from '../../src/words/nl';
import { later } from '../../src/words/later';
import { readFileSync } from 'node:fs';

const names = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => names(inner, `${path}.${key}`))
    : [path];
const texts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

describe('the two languages', () => {
  test('say the same things', () => {
    expect(names(en)).toEqual(names(nl));
    expect(names(later.en)).toEqual(names(later.nl));
    for (const words of [nl, en, later.nl, later.en])
      expect(texts(words).filter((text) => text.trim() === '')).toEqual([]);
  });
  test('have a sentence for every oddity that docs/LANGUAGE.md names', () => {
    const section = readFileSync('../docs/LANGUAGE.md', 'utf8').split('## The oddities')[1]!;
    const oddities = [...section.matchAll(/^\| ([a-z0-9, -]+) \|/gm)]
      .flatMap((match) => match[1]!.split(', '))
      .filter((name) => name !== 'name');
    expect(oddities.length).toBeGreaterThan(40);
    expect(oddities.filter((name) => !later.nl.oddities[name] || !later.en.oddities[name])).toEqual([]);
  });
  test('begin with what was spoken here last, else what the browser asks for, else Dutch', () => {
    expect([
      firstLanguage('en', 'nl'),
      firstLanguage(null, 'en-GB'),
      firstLanguage(null, 'de'),
      firstLanguage('fr', 'nl-NL'),
    ]).toEqual(['en', 'en', 'nl', 'nl']);
  });
});

describe('small words', () => {
  test('one has its own form', () => {
    expect([nl.time.minutes(1), nl.time.minutes(2), en.calls.notes(1), en.calls.notes(0)]).toEqual([
      '1 minuut',
      '2 minuten',
      '1 note',
      '0 notes',
    ]);
  });
  test('an event of the log is a sentence, and one we do not know says its own name', () => {
    expect(eventInWords(nl, { number: 1, at: '', who: 'Sanne', what: 'heard', from_ms: 0, to_ms: 63_000 })).toBe(
      'luisterde, van 0:00 tot 1:03',
    );
    expect(eventInWords(en, { number: 1, at: '', who: 'Sanne', what: 'levitated', detail: 'twice' })).toBe(
      'levitated, twice',
    );
    expect(eventInWords(nl, { number: 1, at: '', who: '', what: 'shared', detail: 'l-pbs8k5s0: Tante Riet' })).toBe(
      'deelde, Tante Riet',
    );
    expect(logFiltersFrom('?who=Sanne&what=&before=3')).toEqual({ who: 'Sanne' });
  });
  test('numbers are read a line each, commas part them too, twice is once', () => {
    expect(linesOf(' +311 \n\n+312, +313;+311\n')).toEqual(['+311', '+312', '+313']);
  });
  test('what holds no digit is no number', () => {
    expect(notANumber(['+31 20 123', '201', 'sip:7@pbx', 'mijn nummer', 'ander'])).toBe('mijn nummer');
    expect(notANumber([])).toBeUndefined();
  });
});
