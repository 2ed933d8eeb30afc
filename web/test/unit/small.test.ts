// Small things of the later pages: keys that were pressed, photos, what a job says, and whether a link can travel.
import { describe, expect, test } from 'vitest';
import { isLoopback } from '../../src/call/loopback';
import { callsOf } from '../../src/jobs/useJob';
import { smallSize } from '../../src/people/photo';
import { nl } from '../../src/words/nl';
import { pressesOf } from '../../src/words/keysPressed';

test('keys pressed in one go are one line', () => {
  const parties = [
    { name: 'Jan', number: '1' },
    { name: '', number: '+312' },
  ];
  const press = (at_ms: number, key: string, party: number) => ({ at_ms, key, party, duration_ms: 100 });
  const key_presses = [press(9000, '#', 1), press(1000, '1', 0), press(2500, '2', 0), press(2600, '3', 1)];
  expect(pressesOf(nl, { parties, key_presses })).toEqual([
    { at_ms: 1000, party: 0, who: 'Jan', keys: '1 2' },
    { at_ms: 2600, party: 1, who: '+312', keys: '3' },
    { at_ms: 9000, party: 1, who: '+312', keys: '#' },
  ]);
});

test('a photo is made small, never larger, and keeps its shape', () => {
  expect(smallSize(4000, 3000)).toEqual({ width: 512, height: 384 });
  expect(smallSize(300, 512)).toEqual({ width: 300, height: 512 });
  expect(smallSize(10_000, 3)).toEqual({ width: 512, height: 1 });
});

test('a job’s sentences name calls, or do not', () => {
  expect([...callsOf(['20260503T120000Z-0a1b2c: held', 'the disk is full'])]).toEqual(['20260503T120000Z-0a1b2c']);
  expect(callsOf(undefined).size).toBe(0);
});

describe('an address of this machine alone', () => {
  test.each(['127.0.0.1', '127.8.9.1', 'localhost', 'naklank.localhost', '[::1]'])('%s is one', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  test.each(['192.0.2.1', 'naklank.example', '127.0.0.1.example', '[2001:db8::1]'])('%s is none', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
