// Where nobody speaks, found in the peaks that are drawn anyway; so skipping a silence needs no sound to be loaded.
import type { Peaks } from '../api/types';

export interface Silence {
  from_ms: number;
  to_ms: number;
}

const quietest = 68; // on the peaks' scale, evenly in dB from -60 on: -44 dB; breath and line noise are below
const shortestMs = 1500; // a pause shorter than this belongs to how somebody speaks
const leadMs = 300; // so much of a silence is heard at either end, lest a word lose its beginning

export function silences(peaks: Peaks): Silence[] {
  const points = Math.max(0, ...peaks.tracks.map((track) => track.peaks.length));
  const found: Silence[] = [];
  let begun: number | null = null;
  for (let i = 0; i <= points; i++) {
    const isQuiet = i < points && peaks.tracks.every((track) => (track.peaks[i] ?? 0) <= quietest);
    if (isQuiet && begun === null) begun = i;
    if (!isQuiet && begun !== null) {
      const from = peaks.from_ms + begun * peaks.point_ms;
      const to = Math.min(peaks.to_ms, peaks.from_ms + i * peaks.point_ms);
      if (to - from >= shortestMs) found.push({ from_ms: Math.round(from + leadMs), to_ms: Math.round(to - leadMs) });
      begun = null;
    }
  }
  return found;
}

// Where to go on when the sound is at `at_ms`: the end of the silence it is in, or null.
export function skipFrom(list: readonly Silence[], at_ms: number): number | null {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const silence = list[middle]!;
    if (at_ms < silence.from_ms) high = middle - 1;
    else if (at_ms >= silence.to_ms) low = middle + 1;
    else return silence.to_ms;
  }
  return null;
}

// A tenth of a second a point, as far as the server gives so many: a long call is skipped more coarsely.
export const pointsFor = (duration_ms: number) => Math.min(8000, Math.max(200, Math.ceil(duration_ms / 100)));
