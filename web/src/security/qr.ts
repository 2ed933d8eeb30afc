// A QR code as one path.
import { encode } from 'uqr';

export interface Qr {
  size: number; // modules along a side, with the quiet edge
  path: string;
}

const quiet = 4; // ISO/IEC 18004: so many light modules around it

// The dark modules of each row, runs of them joined.
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => {
      const runs: string[] = [];
      for (let x = 0; x < row.length; x++) {
        if (!row[x]) continue;
        const from = x;
        while (row[x + 1]) x++;
        runs.push(`M${from + quiet} ${y + quiet}h${x + 1 - from}v1h-${x + 1 - from}z`);
      }
      return runs;
    })
    .join('');
}

export function qrOf(text: string): Qr {
  const { size, data } = encode(text, { ecc: 'M', border: 0 });
  return { size: size + 2 * quiet, path: pathOf(data) };
}
