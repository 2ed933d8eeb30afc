// Whose each lane is: one person, one colour, and one of its own for all of them together.
import type { Call } from '../api/types';
import { voiceName } from '../words/ledger';
import type { Words } from '../words/nl';
import type { Voice } from './Timeline';

const togetherColor = 10;

interface Heard extends Pick<Call, 'parties'> {
  tracks: readonly { track: number; party: number; is_mixed: boolean }[];
}

export function voicesOf(words: Words, call: Heard): Voice[] {
  return [...call.tracks]
    .sort((a, b) => a.track - b.track)
    .map((track) => {
      const party = call.parties[track.party];
      return {
        track: track.track,
        name: voiceName(words, call, track),
        ...(track.is_mixed
          ? { color: togetherColor }
          : { color: party?.color ?? track.party % 12, person: party?.person }),
      };
    });
}
