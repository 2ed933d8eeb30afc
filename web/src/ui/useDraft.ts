// What somebody is typing outlives a lost session and a page loaded anew; it ends with the browser's tab.
import { useCallback, useState } from 'react';

export function readDraft<T extends object>(key: string, empty: T): T {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(`draft.${key}`) ?? 'null');
    return kept && typeof kept === 'object' ? { ...empty, ...kept } : empty;
  } catch {
    return empty;
  }
}

export function useDraft<T extends object>(key: string, empty: T) {
  const [draft, setWhole] = useState<T>(() => readDraft(key, empty));
  const set = useCallback(
    (change: Partial<T>) => {
      setWhole((old) => {
        const next = { ...old, ...change };
        sessionStorage.setItem(`draft.${key}`, JSON.stringify(next));
        return next;
      });
    },
    [key],
  );
  const [first] = useState(empty);
  const forget = useCallback(() => {
    sessionStorage.removeItem(`draft.${key}`);
    setWhole(first);
  }, [key, first]);
  return [draft, set, forget] as const;
}
