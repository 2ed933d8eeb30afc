// The keys that were pressed during a call, those of one go together: "0:04: Oma Bakker drukte op 1 2 3".
import type { CallDetails } from '../api/types';
import { nameOf } from './calls';
import type { Words } from './nl';

const togetherMs = 3_000;

export interface Presses {
  at_ms: number;
  party: number;
  who: string;
  keys: string;
}

export function pressesOf(words: Words, call: Pick<CallDetails, 'key_presses' | 'parties'>): Presses[] {
  const gone: (Presses & { last_ms: number })[] = [];
  for (const { at_ms, key, party } of [...call.key_presses].sort((a, b) => a.at_ms - b.at_ms)) {
    const last = gone.at(-1);
    if (last && last.party === party && at_ms - last.last_ms <= togetherMs) {
      last.keys += ` ${key}`;
      last.last_ms = at_ms;
    } else gone.push({ at_ms, party, who: nameOf(words, call.parties[party]), keys: key, last_ms: at_ms });
  }
  return gone.map(({ last_ms: _last, ...presses }) => presses);
}
