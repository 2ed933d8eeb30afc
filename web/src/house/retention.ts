// The terms as somebody writes them, and what they mean.
import { purposes, type Purpose, type RetentionRule } from '../api/types';

export interface RuleDraft {
  purpose: Purpose;
  line: string;
  days: string;
  isForEver: boolean;
}

export const daysMost = 36_500;
export const rulesMost = 200;

export const draftsOf = (rules: readonly RetentionRule[]): RuleDraft[] =>
  rules.map(({ purpose, line = '', days }) => ({
    purpose,
    line,
    days: days === null ? '' : String(days),
    isForEver: days === null,
  }));

export const rulesOf = (drafts: readonly RuleDraft[]): RetentionRule[] =>
  drafts.map(({ purpose, line, days, isForEver }) => ({
    purpose,
    ...(line.trim() && { line: line.trim() }),
    days: isForEver ? null : Number(days),
  }));

export interface RuleProblem {
  days: boolean; // no whole number of days
  twice: boolean; // a rule for the same stands above it
}

export function problemsOf(drafts: readonly RuleDraft[]): RuleProblem[] {
  const seen = new Set<string>();
  return drafts.map(({ purpose, line, days, isForEver }) => {
    const name = `${purpose} ${line.trim()}`;
    const twice = seen.has(name);
    seen.add(name);
    const n = Number(days);
    return { days: !isForEver && !(/^\d+$/.test(days.trim()) && n >= 1 && n <= daysMost), twice };
  });
}

// How long a purpose stays where no line has a rule of its own: days, or null for ever.
export const daysFor = (rules: readonly RetentionRule[], purpose: Purpose): number | null =>
  rules.find((rule) => rule.purpose === purpose && !rule.line)?.days ?? null;

// Whether something goes by the new rules that did not, or not so soon, by the old.
export function letsGoSooner(before: readonly RetentionRule[], after: readonly RetentionRule[]): boolean {
  const ofRule = (rules: readonly RetentionRule[], { purpose, line }: RetentionRule) =>
    rules.find((rule) => rule.purpose === purpose && (rule.line ?? '') === (line ?? ''))?.days;
  const sooner = (rule: RetentionRule, was: number | null | undefined) =>
    rule.days !== null && (was === undefined || was === null || rule.days < was);
  return (
    after.some((rule) => sooner(rule, ofRule(before, rule))) ||
    // A rule of a line that is taken away leaves that line to the purpose's own.
    before.some((rule) => {
      if (!rule.line || ofRule(after, rule) !== undefined) return false;
      const then = daysFor(after, rule.purpose);
      return then !== null && (rule.days === null || then < rule.days);
    })
  );
}

export const unusedPurpose = (drafts: readonly RuleDraft[]): Purpose =>
  purposes.find((purpose) => !drafts.some((draft) => draft.purpose === purpose && !draft.line.trim())) ?? 'wording';
