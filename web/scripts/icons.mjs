// Draws the icon: a dot and the rings that linger after it. Writes the SVG and, sample by sample, the PNGs.
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const ground = [14, 79, 85];
const ink = [251, 248, 243];
const dot = { x: 0.3, y: 0.5, radius: 0.085 };
const rings = [0.2, 0.33, 0.46].map((radius, i) => ({ radius, width: 0.058, strength: [1, 0.72, 0.44][i] }));
const half = Math.PI / 3.4; // each ring is an arc to the right, this far up and down

function svg() {
  const size = 512;
  const arcs = rings.map(({ radius, width, strength }) => {
    const at = (sign) =>
      `${(size * (dot.x + radius * Math.cos(half))).toFixed(1)} ${(size * (dot.y + sign * radius * Math.sin(half))).toFixed(1)}`;
    return `<path d="M ${at(-1)} A ${size * radius} ${size * radius} 0 0 1 ${at(1)}" stroke-width="${size * width}" stroke-opacity="${strength}"/>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><rect width="${size}" height="${size}" rx="112" fill="rgb(${ground})"/>` +
    `<g fill="none" stroke="rgb(${ink})" stroke-linecap="round">${arcs.join('')}</g><circle cx="${size * dot.x}" cy="${size * dot.y}" r="${size * dot.radius}" fill="rgb(${ink})"/></svg>\n`
  );
}

// How much of the ink covers a point, 0 to 1.
function cover(x, y) {
  const dx = x - dot.x;
  const dy = y - dot.y;
  const far = Math.hypot(dx, dy);
  if (far <= dot.radius) return 1;
  for (const { radius, width, strength } of rings) {
    const onArc = Math.abs(Math.atan2(dy, dx)) <= half && Math.abs(far - radius) <= width / 2;
    const end = (sign) => Math.hypot(dx - radius * Math.cos(half), dy - sign * radius * Math.sin(half)) <= width / 2;
    if (onArc || end(-1) || end(1)) return strength;
  }
  return 0;
}

function inCorner(x, y, round) {
  const cx = Math.min(Math.max(x, round), 1 - round);
  const cy = Math.min(Math.max(y, round), 1 - round);
  return Math.hypot(x - cx, y - cy) > round;
}

function png(size, { round, scale }) {
  const rows = Buffer.alloc(size * (1 + 4 * size));
  const parts = 4;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let inked = 0;
      let solid = 0;
      for (let i = 0; i < parts * parts; i++) {
        const x = (column + ((i % parts) + 0.5) / parts) / size;
        const y = (row + (Math.floor(i / parts) + 0.5) / parts) / size;
        if (inCorner(x, y, round)) continue;
        solid += 1;
        inked += cover(0.5 + (x - 0.5) / scale, 0.5 + (y - 0.5) / scale);
      }
      const share = solid ? inked / solid : 0;
      const at = row * (1 + 4 * size) + 1 + 4 * column;
      for (let c = 0; c < 3; c++) rows[at + c] = Math.round(ground[c] + (ink[c] - ground[c]) * share);
      rows[at + 3] = Math.round((255 * solid) / (parts * parts));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

writeFileSync('public/icon.svg', svg());
writeFileSync('public/icon-192.png', png(192, { round: 0.22, scale: 1 }));
writeFileSync('public/icon-512.png', png(512, { round: 0.22, scale: 1 }));
writeFileSync('public/icon-180.png', png(180, { round: 0, scale: 0.9 }));
writeFileSync('public/icon-mask-512.png', png(512, { round: 0, scale: 0.7 }));
