// What another app shared with this one: the worker keeps it (src/shell-worker.js) until it was sent.
import type { Picked } from './pick';

const sharedCache = 'shared';

export interface Shared {
  files: readonly Picked[];
  forget: () => Promise<void>;
}

export async function sharedFiles(): Promise<Shared> {
  const files: Picked[] = [];
  if (!('caches' in window)) return { files, forget: () => Promise.resolve() };
  const cache = await caches.open(sharedCache);
  const requests = await cache.keys();
  for (const request of requests) {
    const kept = await cache.match(request);
    if (!kept) continue;
    const name = decodeURIComponent(kept.headers.get('X-Name') ?? 'gedeeld');
    const lastModified = Number(kept.headers.get('X-Modified')) || Date.now();
    files.push({ path: name, file: new File([await kept.blob()], name, { lastModified }) });
  }
  return {
    files,
    async forget() {
      for (const request of requests) await cache.delete(request);
    },
  };
}
