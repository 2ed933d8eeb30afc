import { describe, expect, test } from 'vitest';
import type { CallDetails, Gap, GapCause } from '../../src/api/types';
import { en } from '../../src/words/en';
import { bursts, cutSentences, gapSentences, secondsInWords, voiceSentences } from '../../src/words/ledger';
import { nl } from '../../src/words/nl';

const gap = (cause: GapCause, from_ms: number, to_ms: number): Gap => ({
  cause,
  from_ms,
  to_ms,
  packets: (to_ms - from_ms) / 20,
});
const call = (...gaps: Gap[]): Pick<CallDetails, 'parties' | 'tracks' | 'duration_ms' | 'oddities'> => ({
  duration_ms: 400_000,
  oddities: [],
  parties: [
    { name: 'Jan', number: '1' },
    { name: '', number: '+312' },
  ],
  tracks: [
    {
      track: 1,
      party: 0,
      is_mixed: false,
      codec: 'PCMA',
      gaps,
      packets: { received: 1, lost: 0, late: 0, duplicate: 0, dropped_by_us: 0, undecodable: 0, withheld: 0 },
    },
  ],
});

describe('the ledger in words', () => {
  test('says what is missing, for how long, and whose doing it was', () => {
    expect(gapSentences(nl, call(gap('loss', 63_000, 63_400))).map((s) => s.text)).toEqual([
      '1:03, Jan: hier ontbreekt 0,4 s: kwijtgeraakt op het netwerk',
    ]);
    expect(gapSentences(en, call(gap('dropped-by-us', 0, 12_300))).map((s) => s.text)).toEqual([
      '0:00, Jan: 12 s is missing here: this machine could not keep up',
    ]);
  });
  test('says that a call was cut off, and of no voice that all of it is there', () => {
    const cut = { ...call(), oddities: [{ name: 'recorder-stopped', count: 1, first_ms: 400_000 }] };
    expect(cutSentences(nl, cut)).toEqual(['De opname is op 6:40 afgebroken. Wat daarna is gezegd, ontbreekt.']);
    expect(voiceSentences(nl, cut)).toEqual([]);
    expect(cutSentences(en, call())).toEqual([]);
    expect(voiceSentences(en, call())).toHaveLength(1);
  });
  test('is silent about what telephones do by themselves', () => {
    expect(
      gapSentences(
        nl,
        call(
          gap('silence', 0, 5_000),
          gap('not-begun', 0, 900),
          gap('ended', 9_000, 9_500),
          gap('clock-drift', 1, 2),
          gap('key-press', 1, 2),
        ),
      ),
    ).toEqual([]);
  });
  test('takes a burst of loss as one, and never counts what lies between', () => {
    const [burst, ...more] = bursts([
      gap('loss', 1_000, 1_020),
      gap('loss', 1_500, 1_540),
      gap('hold', 1_600, 3_000),
      gap('loss', 2_000, 2_020),
      gap('loss', 9_000, 9_020),
    ]);
    expect(burst).toEqual({ cause: 'loss', from_ms: 1_000, to_ms: 2_020, packets: 4, missing_ms: 80 });
    expect(more.map((g) => [g.cause, g.from_ms])).toEqual([
      ['hold', 1_600],
      ['loss', 9_000],
    ]);
  });
  test('sums up each voice; being on hold is nothing that is missing', () => {
    expect(voiceSentences(nl, call(gap('hold', 0, 9_000)))).toEqual(['Van Jan is alles er.']);
    expect(voiceSentences(nl, call(gap('loss', 0, 400), gap('withheld', 1_000, 2_200)))).toEqual([
      'Van Jan ontbreekt in totaal 1,6 s (0,4 %).',
    ]);
    expect(voiceSentences(nl, call(gap('loss', 0, 20)))).toEqual(['Van Jan ontbreekt in totaal 0,1 s (< 0,1 %).']);
  });
  test('seconds have a comma in Dutch and a point in English', () => {
    expect([
      secondsInWords(nl, 440),
      secondsInWords(en, 440),
      secondsInWords(nl, 5),
      secondsInWords(nl, 61_400),
    ]).toEqual(['0,4 s', '0.4 s', '0,1 s', '61 s']);
  });
});
