import { describe, expect, test } from 'vitest';
import type { RetentionRule } from '../../src/api/types';
import { daysFor, draftsOf, letsGoSooner, problemsOf, rulesOf, unusedPurpose } from '../../src/house/retention';

const rules: RetentionRule[] = [
  { purpose: 'training', days: 180 },
  { purpose: 'training', line: '+31201', days: 30 },
  { purpose: 'keepsake', days: null },
];

describe('terms', () => {
  test('come back as they were', () => {
    expect(rulesOf(draftsOf(rules))).toEqual(rules);
    expect(rulesOf([{ purpose: 'memory', line: ' ', days: '', isForEver: true }])).toEqual([
      { purpose: 'memory', days: null },
    ]);
  });
  test('want whole days, and one for each purpose and line', () => {
    const draft = (days: string, line = '') => ({ purpose: 'memory' as const, line, days, isForEver: false });
    expect(problemsOf([draft('30'), draft('0', '1'), draft('1.5', '2'), draft('', '3'), draft('36501', '4')])).toEqual(
      [false, true, true, true, true].map((days) => ({ days, twice: false })),
    );
    expect(problemsOf([draft('30'), draft('40')]).map((problem) => problem.twice)).toEqual([false, true]);
  });
  test('say how long a purpose stays', () => {
    expect([daysFor(rules, 'training'), daysFor(rules, 'keepsake'), daysFor(rules, 'wording')]).toEqual([
      180,
      null,
      null,
    ]);
    expect(unusedPurpose(draftsOf(rules))).toBe('wording');
  });
  test('let go sooner when they are shorter, new, or no longer shielded by a line’s own', () => {
    expect(letsGoSooner(rules, rules)).toBe(false);
    expect(letsGoSooner(rules, [{ purpose: 'training', days: 365 }, rules[1]!])).toBe(false);
    expect(letsGoSooner(rules, [{ purpose: 'training', days: 90 }, rules[1]!])).toBe(true);
    expect(letsGoSooner(rules, [...rules, { purpose: 'memory', days: 365 }])).toBe(true);
    expect(letsGoSooner(rules, [rules[0]!, rules[2]!])).toBe(false);
    expect(letsGoSooner([rules[0]!, { purpose: 'training', line: '1', days: null }], [rules[0]!])).toBe(true);
  });
});
