// The keyboard on a call's page. Single letters can be switched off (WCAG 2.1.4), and never act while somebody types
// or a dialog is open.
import { useEffect, useEffectEvent } from 'react';
import { makeStore } from '../ui/store';

const keptUnder = 'naklank.keys';
const readKept = () => {
  try {
    return localStorage.getItem(keptUnder) !== 'off';
  } catch {
    return true;
  }
};
export const keysOn = makeStore(typeof localStorage === 'undefined' ? true : readKept());
export function setKeysOn(on: boolean) {
  localStorage.setItem(keptUnder, on ? 'on' : 'off');
  keysOn.set(on);
}

export type KeyAction =
  | 'toggle'
  | 'back'
  | 'forward'
  | 'beginning'
  | 'next-mark'
  | 'previous-mark'
  | 'note'
  | 'slower'
  | 'faster'
  | 'silence'
  | 'help';

const actions = new Map<string, KeyAction>(
  Object.entries({
    ' ': 'toggle',
    k: 'toggle',
    ArrowLeft: 'back',
    j: 'back',
    ArrowRight: 'forward',
    l: 'forward',
    Home: 'beginning',
    m: 'next-mark',
    n: 'note',
    '<': 'slower',
    '>': 'faster',
    ',': 'slower',
    '.': 'faster',
    s: 'silence',
    '?': 'help',
  }),
);

interface Pressed {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

export function actionOf(pressed: Pressed): KeyAction | null {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey) return null;
  if (pressed.key === 'M') return 'previous-mark';
  return actions.get(pressed.key) ?? null;
}

// Whether the element at hand needs this key itself.
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.closest(
      'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]',
    )
  )
    return true;
  if (target.closest('[role=dialog], [role=listbox]')) return true;
  if (key === ' ') return target.closest('button, a, label, input, [role=checkbox], [role=switch]') !== null;
  return key.startsWith('Arrow') || key === 'Home'
    ? target.closest('input, [role=slider], [role=radiogroup]') !== null
    : false;
}

// `letters`: where the help is that can switch them off; elsewhere only space, arrows and Home act.
export function useKeys(act: (action: KeyAction) => void, { letters }: { letters: boolean }) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!keysOn.get() || event.defaultPrevented) return;
    const action = actionOf(event);
    const isLetter = event.key.length === 1 && event.key !== ' ';
    if (!action || (isLetter && !letters) || isTaken(event.target, event.key)) return;
    event.preventDefault();
    act(action);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
