// A call in words: who was there, when, for how long. Names go before numbers.
import type { Call, Party } from '../api/types';
import { dayInWords, lengthInWords, list, partOfDay } from './dates';
import type { Words } from './nl';

export function nameOf(words: Words, party: Pick<Party, 'name' | 'number'> | undefined): string {
  return party?.name.trim() || party?.number.trim() || words.who.unknown;
}

type Talk = Pick<Call, 'parties' | 'direction'>;

// Which of the parties belong to this house: the asker by number, whose telephone recorded it, else the side that the
// direction tells.
function isOurs(call: Talk, party: Party, index: number, mine: readonly string[]): boolean {
  if (party.is_own || mine.includes(party.number)) return true;
  if (call.parties.some((p) => p.is_own || mine.includes(p.number))) return false;
  if (call.direction === 'out') return index === 0;
  if (call.direction === 'in') return index > 0;
  return false;
}

// Those the call was with, seen from whoever asks; everybody when no side is ours.
export function others(call: Talk, mine: readonly string[]): Party[] {
  const theirs = call.parties.filter((party, i) => !isOurs(call, party, i, mine));
  return theirs.length > 0 ? theirs : call.parties;
}

export function othersInWords(words: Words, call: Talk, mine: readonly string[]): string {
  const names = [...new Set(others(call, mine).map((party) => nameOf(words, party)))];
  return list(words, names) || words.who.unknown;
}

// What our side did: "belde Sanne", "gebeld door Sanne", "u belde"; empty when nobody is ours.
export function ourSideInWords(words: Words, call: Talk, mine: readonly string[]): string {
  const ours = call.parties.filter((party, i) => isOurs(call, party, i, mine));
  const first = ours[0];
  if (!first || ours.length === call.parties.length) return '';
  // Of a telephone's recording it may be known who is who, and not who called.
  if (first.is_own && call.direction === 'unknown') return '';
  const weCalled = call.parties.indexOf(first) === 0;
  if (mine.includes(first.number) || (first.is_own && !first.number && !first.name))
    return weCalled ? words.who.youCalled : words.who.calledYou;
  const names = list(
    words,
    ours.map((party) => nameOf(words, party)),
  );
  return weCalled ? words.who.calledBy(names) : words.who.called(names);
}

// "vrijdag 3 mei, 's middags, 12 minuten, met Jan"
export function callInWords(
  words: Words,
  call: Talk & Pick<Call, 'started' | 'duration_ms'>,
  mine: readonly string[],
  now: Date,
): string {
  const at = new Date(call.started);
  return [
    dayInWords(words, at, now),
    partOfDay(words, at),
    lengthInWords(words, call.duration_ms),
    words.who.with(othersInWords(words, call, mine)),
  ].join(', ');
}

// "vrijdag 3 mei, 's middags, 12 minuten"
export function whenInWords(words: Words, call: Pick<Call, 'started' | 'duration_ms'>, now: Date): string {
  const at = new Date(call.started);
  return [dayInWords(words, at, now), partOfDay(words, at), lengthInWords(words, call.duration_ms)].join(', ');
}
