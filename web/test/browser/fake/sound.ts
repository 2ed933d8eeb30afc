// Sound that does not exist: two voices that take turns, as samples that are computed when they are asked for, so that
// a call of three hours costs nothing. And the peaks of the same.
import type { Peaks } from '../../../src/api/types';

export const rateHz = 8000;
const headerBytes = 44;
const frameBytes = 4;

// Who speaks in a second: the first voice, the second, or nobody. Every half minute there are five seconds of silence.
export function speaker(second: number): 0 | 1 | null {
  const inHalfMinute = second % 30;
  if (inHalfMinute >= 25) return null;
  // Turns of seven seconds or so, and longer stretches in which one of the two tells.
  return Math.sin(second / 7) + Math.sin(second / 61) > 0 ? 0 : 1;
}

// How loud a voice is at a moment, 0 to 1: syllables, and no two sentences alike.
export function loudness(voice: 0 | 1, ms: number): number {
  const second = Math.floor(ms / 1000);
  if (speaker(second) !== voice) return 0;
  const emphasis = ((Math.imul(Math.floor(ms / 700) + 31 * voice, 2654435761) >>> 8) % 100) / 100;
  return Math.max(0.02, Math.abs(Math.sin(ms / 95 + voice)) * (0.12 + 0.88 * emphasis ** 2));
}

function sample(voice: 0 | 1, index: number, rate = rateHz): number {
  const ms = (index * 1000) / rate;
  return Math.round(9000 * loudness(voice, ms) * Math.sin((2 * Math.PI * (voice === 0 ? 180 : 240) * index) / rate));
}

export const wavBytes = (duration_ms: number) => headerBytes + Math.floor((duration_ms * rateHz) / 1000) * frameBytes;

function header(bytes: number, rate = rateHz): Buffer {
  const head = Buffer.alloc(headerBytes);
  head.write('RIFF', 0);
  head.writeUInt32LE(bytes - 8, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * frameBytes, 28);
  head.writeUInt16LE(frameBytes, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes - headerBytes, 40);
  return head;
}

// The bytes [from, to) of the WAV file that a call of this length would have.
export function wavPart(duration_ms: number, from: number, to: number): Buffer {
  const part = Buffer.alloc(to - from);
  const head = header(wavBytes(duration_ms));
  if (from < headerBytes) head.copy(part, 0, from, Math.min(headerBytes, to));
  const first = Math.max(0, Math.floor((Math.max(from, headerBytes) - headerBytes) / frameBytes));
  const frame = Buffer.alloc(frameBytes);
  for (let index = first; headerBytes + index * frameBytes < to; index++) {
    frame.writeInt16LE(sample(0, index), 0);
    frame.writeInt16LE(sample(1, index), 2);
    const at = headerBytes + index * frameBytes - from;
    for (let b = 0; b < frameBytes; b++) if (at + b >= 0 && at + b < part.length) part[at + b] = frame[b]!;
  }
  return part;
}

export const liveRateHz = 16_000;

// Of a WAV whose end nobody knows yet.
export function liveHeader(): Buffer {
  const head = header(headerBytes, liveRateHz);
  head.writeUInt32LE(0xffffffff, 4);
  head.writeUInt32LE(0xffffffff, 40);
  return head;
}

export function livePart(fromMs: number, ms: number): Buffer {
  const from = (fromMs * liveRateHz) / 1000;
  const part = Buffer.alloc(((ms * liveRateHz) / 1000) * frameBytes);
  for (let i = 0; i * frameBytes < part.length; i++) {
    part.writeInt16LE(sample(0, from + i, liveRateHz), i * frameBytes);
    part.writeInt16LE(sample(1, from + i, liveRateHz), i * frameBytes + 2);
  }
  return part;
}

export function peaksOf(duration_ms: number, points: number): Peaks {
  const point_ms = Math.max(20, duration_ms / points);
  const count = Math.ceil(duration_ms / point_ms);
  const track = (voice: 0 | 1) =>
    Array.from({ length: count }, (_, i) => {
      let loudest = 0;
      for (let step = 0; step < 8; step++) loudest = Math.max(loudest, loudness(voice, (i + step / 8) * point_ms));
      return Math.round(235 * Math.sqrt(loudest));
    });
  return {
    from_ms: 0,
    to_ms: duration_ms,
    point_ms,
    tracks: [
      { track: 1, peaks: track(0) },
      { track: 2, peaks: track(1) },
    ],
  };
}
