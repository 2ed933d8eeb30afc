import { describe, expect, test } from 'vitest';
import type { Peaks } from '../../src/api/types';
import { pointsFor, silences, skipFrom } from '../../src/sound/silence';

const peaks = (point_ms: number, ...tracks: number[][]): Peaks => ({
  from_ms: 0,
  to_ms: tracks[0]!.length * point_ms,
  point_ms,
  tracks: tracks.map((list, i) => ({ track: i + 1, peaks: list })),
});
const loud = (n: number) => Array<number>(n).fill(180);
const quiet = (n: number) => Array<number>(n).fill(40);

describe('silences', () => {
  test('are where nobody speaks, with a little left at either end', () => {
    expect(silences(peaks(100, [...loud(10), ...quiet(30), ...loud(10)], quiet(50)))).toEqual([
      { from_ms: 1_300, to_ms: 3_700 },
    ]);
  });
  test('are none while the other speaks, nor when they are short', () => {
    expect(silences(peaks(100, [...loud(10), ...quiet(30)], [...quiet(10), ...loud(30)]))).toEqual([]);
    expect(silences(peaks(100, [...loud(10), ...quiet(14), ...loud(10)]))).toEqual([]);
  });
  test('may reach to the end, and be all there is', () => {
    expect(silences(peaks(100, quiet(40)))).toEqual([{ from_ms: 300, to_ms: 3_700 }]);
    expect(silences(peaks(100, []))).toEqual([]);
  });
  test('are left at their end, and only from within', () => {
    const list = [
      { from_ms: 1_000, to_ms: 2_000 },
      { from_ms: 5_000, to_ms: 9_000 },
    ];
    expect([0, 999, 1_000, 1_999, 2_000, 6_000, 9_000, 20_000].map((ms) => skipFrom(list, ms))).toEqual([
      null,
      null,
      2_000,
      2_000,
      null,
      9_000,
      null,
      null,
    ]);
    expect(skipFrom([], 5)).toBeNull();
  });
  test('a point is a tenth of a second as far as the server goes', () => {
    expect([1_000, 60_000, 10_800_000].map(pointsFor)).toEqual([200, 600, 8_000]);
  });
});
