// Says in passing that something was done: read aloud, and shown at the bottom for a while; above dialogs, too.
import { useEffect } from 'react';
import { makeStore, useStore } from './store';

const saying = makeStore('');
export const say = (text: string) => {
  saying.set('');
  queueMicrotask(() => saying.set(text));
};

const shownMs = 6000;

export function Said() {
  const text = useStore(saying);
  useEffect(() => {
    if (!text) return undefined;
    const timer = setTimeout(() => saying.set(''), shownMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className="said" role="status" data-react-aria-top-layer="true">
      {text && <p>{text}</p>}
    </div>
  );
}
