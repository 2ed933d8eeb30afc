// The ledger in plain words: what is missing of each voice, why, and whose doing it was.
import type { Call, CallDetails, Gap, GapCause } from '../api/types';
import { nameOf } from './calls';
import { timeCode } from './dates';
import type { Words } from './nl';

// Causes that took something away from the listener; the others are how telephones talk.
export const missing: readonly GapCause[] = ['loss', 'dropped-by-us', 'undecodable', 'withheld'];
// Causes worth a sentence though nothing is missing.
export const told: readonly GapCause[] = [...missing, 'hold', 'paused'];

export interface VoiceGap extends Gap {
  track: number;
  who: string;
}

export function secondsInWords(words: Words, ms: number): string {
  const seconds = ms / 1000;
  const text = seconds >= 10 ? String(Math.round(seconds)) : String(Math.max(0.1, Math.round(seconds * 10) / 10));
  return words.time.secondsShort(text.replace('.', words.decimal));
}

export function voiceName(
  words: Words,
  call: Pick<Call, 'parties'>,
  track: { party: number; is_mixed: boolean },
): string {
  return track.is_mixed ? words.who.together : nameOf(words, call.parties[track.party]);
}

// A burst of loss is one thing to a listener: gaps of one cause less than a second apart become one. Its length
// stays the sum of what is missing, so nothing is made larger than it is.
export function bursts(gaps: readonly Gap[]): (Gap & { missing_ms: number })[] {
  const joined: (Gap & { missing_ms: number })[] = [];
  for (const gap of [...gaps].sort((a, b) => a.from_ms - b.from_ms)) {
    const last = joined.findLast((g) => g.cause === gap.cause);
    if (last && gap.from_ms - last.to_ms < 1000) {
      last.to_ms = Math.max(last.to_ms, gap.to_ms);
      last.packets += gap.packets;
      last.missing_ms += gap.to_ms - gap.from_ms;
    } else {
      joined.push({ ...gap, missing_ms: gap.to_ms - gap.from_ms });
    }
  }
  return joined;
}

// What is missing at an end, or nobody knows where: no gap tells of it.
export function cutSentences(words: Words, call: Pick<CallDetails, 'oddities' | 'duration_ms'>): string[] {
  const ways = words.call.cutOff;
  return call.oddities
    .map((oddity) => oddity.name)
    .filter((name): name is keyof typeof ways => name in ways)
    .map((name) => ways[name](timeCode(name === 'began-before-the-capture' ? 0 : call.duration_ms)));
}

export interface GapSentence {
  at_ms: number;
  to_ms: number;
  track: number;
  cause: GapCause;
  text: string;
}

export function gapSentences(words: Words, call: Pick<CallDetails, 'parties' | 'tracks'>): GapSentence[] {
  return call.tracks
    .flatMap((track) =>
      bursts(track.gaps.filter((gap) => told.includes(gap.cause))).map((gap) => ({
        at_ms: gap.from_ms,
        to_ms: gap.to_ms,
        track: track.track,
        cause: gap.cause,
        text: words.gapOf(
          voiceName(words, call, track),
          timeCode(gap.from_ms),
          words.gaps[gap.cause](secondsInWords(words, gap.missing_ms)),
        ),
      })),
    )
    .sort((a, b) => a.at_ms - b.at_ms || a.track - b.track);
}

// One sentence a voice: "Van Jan ontbreekt in totaal 0,4 s (0,1 %)."
// Of a call that was cut off no voice is said to be whole.
export function voiceSentences(
  words: Words,
  call: Pick<CallDetails, 'parties' | 'tracks' | 'duration_ms' | 'oddities'>,
): string[] {
  const isWhole = cutSentences(words, call).length === 0;
  return call.tracks.flatMap((track) => {
    const who = voiceName(words, call, track);
    const ms = track.gaps
      .filter((gap) => missing.includes(gap.cause))
      .reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
    if (ms === 0) return isWhole ? [words.call.voiceComplete(who)] : [];
    const share = (100 * ms) / Math.max(1, call.duration_ms);
    const text = share < 0.1 ? '< 0.1' : share < 10 ? share.toFixed(1) : String(Math.round(share));
    return [words.call.voiceMissing(who, secondsInWords(words, ms), `${text.replace('.', words.decimal)} %`)];
  });
}
