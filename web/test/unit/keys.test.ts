import { describe, expect, test } from 'vitest';
import { actionOf } from '../../src/call/useKeys';

const press = (
  key: string,
  held: Partial<{ shiftKey: boolean; altKey: boolean; ctrlKey: boolean; metaKey: boolean }> = {},
) => actionOf({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held });

describe('keys of a call', () => {
  test('do what the help says', () => {
    expect([' ', 'k', 'ArrowLeft', 'l', 'm', 'n', 's', '?'].map((key) => press(key))).toEqual([
      'toggle',
      'toggle',
      'back',
      'forward',
      'next-mark',
      'note',
      'silence',
      'help',
    ]);
    expect(press('M', { shiftKey: true })).toBe('previous-mark');
  });
  test('leave the browser’s own alone', () => {
    expect([
      press('l', { ctrlKey: true }),
      press('ArrowLeft', { altKey: true }),
      press('n', { metaKey: true }),
      press('x'),
      press('toString'),
    ]).toEqual([null, null, null, null, null]);
  });
});
