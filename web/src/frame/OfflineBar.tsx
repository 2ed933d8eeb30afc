import { useSyncExternalStore } from 'react';
import { useWords } from '../words/context';

function follow(changed: () => void) {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
}

export function OfflineBar() {
  const words = useWords();
  const isOnline = useSyncExternalStore(follow, () => navigator.onLine);
  return <div role="status">{!isOnline && <p className="offline-bar">{words.trouble.offlineBar}</p>}</div>;
}
