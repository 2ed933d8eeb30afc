import { describe, expect, test } from 'vitest';
import { logFiltersFrom } from '../../src/house/LogPage';
import { eventInWords, whoInWords } from '../../src/house/logWords';
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
  test('have words for every event of the log that docs/LANGUAGE.md names', () => {
    const section = readFileSync('../docs/LANGUAGE.md', 'utf8').split('## The custody log')[1]!.split('\n## ')[0]!;
    const named = [...section.matchAll(/\*([a-z-]+)\*/g)].map((match) => match[1]!);
    expect(named.length).toBeGreaterThan(40);
    const known = (words: typeof nl, said: typeof later.nl) => ({
      ...words.log.events,
      ...said.log.reasons,
      ...said.log.whos,
    });
    expect(named.filter((name) => !(name in known(nl, later.nl)) || !(name in known(en, later.en)))).toEqual([]);
  });
  test.each([
    ['nl', nl, later.nl],
    ['en', en, later.en],
  ])('call things what the guide calls them: %s', (code, words, said) => {
    const guide = readFileSync(`../docs/guide/${code}.md`, 'utf8');
    const names = [...guide.matchAll(/(?<![*[])\*([^*[\]]+)\*(?!\*)/g)].map((match) => match[1]!.replace(/\s+/g, ' '));
    expect(names.length).toBeGreaterThan(25);
    const shown = new Set([...texts(words), ...texts(said)]);
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
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
    const names = new Map([
      ['al-fxv6kq1z', 'Oma vertelt'],
      ['a-k3k3k3k3', 'Sanne'],
    ]);
    const said = (what: string, detail: string, known = names) =>
      eventInWords(nl, { number: 1, at: '', who: '', what, detail }, known);
    expect(said('changed', 'purpose memory; 2 tags; kept')).toBe(
      'wijzigde een gesprek, het doel is nu Herinnering, nu met 2 labels, nu bewaard',
    );
    expect(said('changed', 'a tag less; no longer kept')).toBe(
      'wijzigde een gesprek, een label eraf, niet langer bewaard',
    );
    expect(said('account-changed', 'a-k3k3k3k3: owner, admin')).toBe(
      'wijzigde een account, Sanne: Eigenaar, Beheerder',
    );
    expect(said('account-added', 'a-k3k3k3k3: family', new Map())).toBe('voegde een account toe, Familie');
    expect(said('album-made', 'al-fxv6kq1z')).toBe('maakte een album, Oma vertelt');
    expect(said('put-in-album', 'al-zzzzzzzz')).toBe('zette een gesprek in een album');
    expect(said('denied', 'hear: in-safekeeping')).toBe('werd geweigerd, horen: het gesprek ligt in bewaring');
    expect(said('listened-in', 'a-84b4c76e66710')).toBe('begon mee te luisteren, a-84b4c76e66710');
    expect(said('listened-in-until', '12 s of x@pbx')).toBe('luisterde mee, 12 seconden, x@pbx');
    expect(said('retention-set', '3 rules')).toBe('wijzigde bewaartermijnen, 3 termijnen');
    expect(said('webhook-changed', 'w-abcd2345 off')).toBe('wijzigde een bericht aan een programma, uit');
    expect(said('sign-in-refused', 'second factor')).toBe(
      'kon zich niet aanmelden, de code van de authenticator klopte niet',
    );
    expect(['system', 'rule', 'Sanne'].map((who) => whoInWords(en, who))).toEqual([
      'Naklank itself',
      'A term',
      'Sanne',
    ]);
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
