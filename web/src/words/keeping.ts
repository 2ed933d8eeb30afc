// What becomes of a call, as a list says it in passing; '' when there is nothing to say.
import type { Call } from '../api/types';
import { daysBetween, onDay, shortDay } from './dates';
import type { Words } from './nl';

type Fate = Pick<Call, 'is_kept' | 'is_held' | 'goes_at' | 'removed_at' | 'deleted_at'>;

const toldDays = 31; // a list does not speak of what is further away

export function fateInWords(words: Words, call: Fate, now: Date, isCalm = false): string {
  if (call.removed_at)
    return call.deleted_at ? words.calls.safeUntil(shortDay(words, new Date(call.deleted_at), now)) : '';
  if (call.is_held || call.is_kept || !call.goes_at) return '';
  const at = new Date(call.goes_at);
  if (daysBetween(now, at) > toldDays) return '';
  return (isCalm ? words.calls.goesCalm : words.calls.goes)(onDay(words, at, now));
}
