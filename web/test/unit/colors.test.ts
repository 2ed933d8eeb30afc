// The palette as it stands in tokens.css: a voice is seen (3:1) on every ground, and text is read (7:1), in light and dark.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync('src/styles/tokens.css', 'utf8');
const [lightPart, darkPart] = css.split('@media (prefers-color-scheme: dark)') as [string, string];
const colorsOf = (part: string) =>
  Object.fromEntries([...part.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]));
const lights = { light: colorsOf(lightPart), dark: { ...colorsOf(lightPart), ...colorsOf(darkPart) } };

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((i) => parseInt(color.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
const grounds = ['paper', 'sheet', 'wash'];

describe.each(Object.entries(lights))('in the %s', (_, colors) => {
  test.each(Array.from({ length: 12 }, (_unused, i) => `voice-${i}`))('%s is seen', (voice) => {
    for (const ground of grounds) expect(contrast(colors[voice]!, colors[ground]!), ground).toBeGreaterThanOrEqual(3);
  });
  test('twelve voices are twelve colours', () => {
    expect(new Set(Array.from({ length: 12 }, (_unused, i) => colors[`voice-${i}`])).size).toBe(12);
  });
  test.each(['ink', 'soft', 'accent', 'accent-strong', 'danger'])('text in %s is read', (text) => {
    for (const ground of grounds) expect(contrast(colors[text]!, colors[ground]!), ground).toBeGreaterThanOrEqual(7);
  });
  test('text on buttons and tinted grounds is read', () => {
    for (const [text, ground] of [
      ['on-accent', 'accent'],
      ['accent-strong', 'accent-wash'],
      ['ink', 'accent-wash'],
      ['danger', 'danger-wash'],
      ['soft', 'accent-wash'],
    ] as const) {
      expect(contrast(colors[text]!, colors[ground]!), `${text} on ${ground}`).toBeGreaterThanOrEqual(7);
    }
  });
  test('the edge of a field is seen', () => {
    for (const ground of grounds) expect(contrast(colors['edge']!, colors[ground]!), ground).toBeGreaterThanOrEqual(3);
  });
});
