import { describe, expect, test } from 'vitest';
import { waitMs } from '../../src/live/follow';
import { NotWav, PcmReader, together } from '../../src/sound/pcm';
import { Playout, inHandS, mostS } from '../../src/sound/playout';
import { liveHeader } from '../browser/fake/sound';

const samples = (...values: number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeInt16LE(value, 2 * i));
  return bytes;
};
// All samples of the bytes, when they come in pieces of this size.
function read(bytes: Buffer, pieceBytes: number): number[][] {
  const reader = new PcmReader();
  const all: number[][] = [[], []];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    reader.push(bytes.subarray(at, at + pieceBytes))?.forEach((channel, c) => all[c]!.push(...channel));
  return all;
}

describe('a WAV without an end', () => {
  const wav = Buffer.concat([liveHeader(), samples(16384, -16384, 0, 32767, -32768, 1)]);
  const wanted = [
    [0.5, 0, -1],
    [-0.5, 32767 / 32768, 1 / 32768],
  ];
  test.each([1, 2, 3, 5, 43, 44, 45, 1000])('is the same in pieces of %i bytes', (piece) => {
    expect(read(wav, piece)).toEqual(wanted);
  });
  test('may have more in its head, and tells its rate', () => {
    const more = Buffer.concat([
      wav.subarray(0, 36),
      Buffer.from('LIST\x03\x00\x00\x00abc\x00', 'latin1'),
      wav.subarray(36),
    ]);
    expect(read(more, 7)).toEqual(wanted);
    const reader = new PcmReader();
    reader.push(wav);
    expect(reader.format).toEqual({ rateHz: 16_000, channels: 2 });
  });
  test('that is none, or not of 16 bit, is refused', () => {
    expect(() => new PcmReader().push(Buffer.from('<!doctype html>'))).toThrow(NotWav);
    const eight = Buffer.from(liveHeader());
    eight.writeUInt16LE(8, 34);
    expect(() => new PcmReader().push(eight)).toThrow(NotWav);
  });
  test('is heard together, and never louder than loud', () => {
    expect([...together([Float32Array.of(0.25, 0.75), Float32Array.of(0.5, 0.75)])]).toEqual([0.75, 1]);
    expect(together([])).toHaveLength(0);
  });
});

describe('playing what comes now', () => {
  test('begins with a little in hand, and goes on without a seam', () => {
    const playout = new Playout();
    expect([playout.next(10, 0.1), playout.next(10.1, 0.1)]).toEqual([10 + inHandS, 10 + inHandS + 0.1]);
    expect(playout.leftS(10.1)).toBeCloseTo(inHandS + 0.1);
    expect(inHandS).toBeLessThan(0.5);
  });
  test('takes a little in hand again when it ran dry', () => {
    const playout = new Playout();
    playout.next(0, 0.1);
    expect(playout.next(5, 0.1)).toBe(5 + inHandS);
  });
  test('leaves out what lags too far behind, until little is in hand', () => {
    const playout = new Playout();
    let most = 0;
    for (let i = 0; i < 40; i++) {
      playout.next(0, 0.1);
      most = Math.max(most, playout.leftS(0));
    }
    expect(most).toBeLessThanOrEqual(mostS + 0.2);
    expect(playout.next(0.5, 0.1)).toBeNull();
    const back = playout.next(0.01 + most - inHandS, 0.1);
    expect(back).toBeCloseTo(most);
  });
});

test('who cannot be reached is asked ever less often', () => {
  expect([0, 1, 2, 5, 30].map(waitMs)).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
});
