// Reads a WAV as it comes, piece by piece, whether it has an end or not: 16 bit, as many channels as its head says.
interface Format {
  rateHz: number;
  channels: number;
}

export class NotWav extends Error {}

const wholeHead = 12;
const chunkHead = 8;

export class PcmReader {
  format: Format | null = null;
  private left = new Uint8Array(0);
  private isInData = false;

  // What has come, one array of samples (-1 to 1) for each channel; null as long as that is not one whole sample.
  push(bytes: Uint8Array): Float32Array<ArrayBuffer>[] | null {
    const all = new Uint8Array(this.left.length + bytes.length);
    all.set(this.left);
    all.set(bytes, this.left.length);
    const from = this.isInData ? 0 : this.readHead(all);
    if (from === null || !this.format) {
      this.left = all;
      return null;
    }
    const { channels } = this.format;
    const frames = Math.floor((all.length - from) / (2 * channels));
    const to = from + frames * 2 * channels;
    this.left = all.slice(to);
    if (frames === 0) return null;
    const view = new DataView(all.buffer, from, to - from);
    return Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (_unused, i) => view.getInt16(2 * (i * channels + channel), true) / 32_768),
    );
  }

  // Where the samples begin; null while the head has not come whole.
  private readHead(all: Uint8Array): number | null {
    if (all.length < wholeHead) return null;
    const view = new DataView(all.buffer, all.byteOffset, all.length);
    const name = (at: number) => String.fromCharCode(...all.subarray(at, at + 4));
    if (name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new NotWav('no WAV');
    let at = wholeHead;
    while (at + chunkHead <= all.length) {
      const size = view.getUint32(at + 4, true);
      if (name(at) === 'data') {
        if (!this.format) throw new NotWav('samples before their format');
        this.isInData = true;
        return at + chunkHead;
      }
      if (at + chunkHead + size > all.length) return null;
      if (name(at) === 'fmt ') {
        if (size < 16 || view.getUint16(at + chunkHead + 14, true) !== 16) throw new NotWav('not 16 bit');
        this.format = {
          channels: Math.max(1, view.getUint16(at + chunkHead + 2, true)),
          rateHz: view.getUint32(at + chunkHead + 4, true),
        };
      }
      at += chunkHead + size + (size % 2);
    }
    return null;
  }
}

// All voices in one, as they are heard in a room.
export function together(channels: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: channels[0]?.length ?? 0 }, (_, i) =>
    Math.max(
      -1,
      Math.min(
        1,
        channels.reduce((sum, channel) => sum + channel[i]!, 0),
      ),
    ),
  );
}
