// The calls that somebody chose in a list.
import { useCallback, useState } from 'react';
import type { Call } from '../api/types';

export function useSelection() {
  const [ids, setIds] = useState<ReadonlyMap<string, Call>>(new Map());
  const toggle = useCallback(
    (call: Call) =>
      setIds((old) => {
        const next = new Map(old);
        if (!next.delete(call.id)) next.set(call.id, call);
        return next;
      }),
    [],
  );
  const leave = useCallback((left: readonly Call[]) => setIds(new Map(left.map((call) => [call.id, call]))), []);
  return { ids, toggle, leave };
}
