// Follows what the server tells (server-sent events), and keeps what is shown fresh by it. When it cannot, nothing is
// shown of that: it tries again, ever less often, and what was missed is asked for once it can.
import type { QueryClient } from '@tanstack/react-query';
import { base } from '../api/client';
import { dropCalls, hasLongList, patchCalls, columnsOf, refreshLists } from '../api/patchCalls';
import { callQuery, importQuery, jobQuery, jobsQuery, liveQuery } from '../api/queries';
import type { Import, Job, LiveCall } from '../api/types';
import { sessionLost } from '../door/lost';
import { eventsOpen, levels, levelsWanted, type Levels } from './connection';

const gatherMs = 400; // events that come together are one look at the lists
const apartMs = 2_000;
const againMs = 2_000;
const againMostMs = 60_000;
const hiddenMs = 30_000; // a window in the background lets go: a browser has few connections to one server
const byeMs = 500;
const oneByOneMost = 20;

export const waitMs = (tries: number) => Math.min(againMostMs, againMs * 2 ** tries);

export function followEvents(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let tries = 0;
  let hasBeenOpen = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const news = makeNews(client);

  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
    eventsOpen.set(false);
    levels.set({});
  };

  const open = () => {
    close();
    if (sessionLost.get() || document.hidden) return;
    source = new EventSource(`${base}/events${levelsWanted.get() ? '?levels=true' : ''}`);
    const on = <T>(name: string, act: (data: T) => void) =>
      source!.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as T));
    source.onopen = () => {
      tries = 0;
      eventsOpen.set(true);
      if (hasBeenOpen) news.lists();
      hasBeenOpen = true;
    };
    source.onerror = () => {
      eventsOpen.set(false);
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, waitMs(tries++));
    };
    on<{ call: string }>('recording', () => news.lists());
    on<{ call: string }>('changed', ({ call }) => news.changed(call));
    on<{ call: string }>('gone', ({ call }) => news.gone(call));
    on<{ calls: LiveCall[] }>('live', ({ calls }) => client.setQueryData(liveQuery.queryKey, calls));
    on<{ levels: Levels }>('levels', (told) => levels.set(told.levels));
    on<Job>('job', (job) => {
      client.setQueryData(jobQuery(job.id).queryKey, job);
      client.setQueryData(jobsQuery.queryKey, (old) => old?.map((known) => (known.id === job.id ? job : known)));
    });
    on<Import>('import', (batch) => client.setQueryData(importQuery(batch.id).queryKey, batch));
    source.addEventListener('bye', () => {
      close();
      // Who signed out here is gone by then.
      again = setTimeout(() => sessionLost.set(true), byeMs);
    });
  };

  const onVisible = () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, hiddenMs);
    else if (!source) open();
  };
  const letGo = [
    sessionLost.follow(() => (sessionLost.get() ? close() : open())),
    levelsWanted.follow(open),
    news.stop,
  ];
  document.addEventListener('visibilitychange', onVisible);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    clearTimeout(hiding);
    letGo.forEach((end) => end());
    close();
  };
}

// Gathers what happened, and looks at the lists and calls that are shown once for all of it.
function makeNews(client: QueryClient) {
  const changed = new Set<string>();
  const gone = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lookedAt = -Infinity;

  const look = async () => {
    timer = undefined;
    lookedAt = performance.now();
    const [calls, left] = [[...changed], new Set(gone)];
    changed.clear();
    gone.clear();
    if (left.size > 0) dropCalls(client, left);
    for (const call of [...calls, ...left]) void client.invalidateQueries({ queryKey: callQuery(call).queryKey });
    await refreshLists(client);
    if (!hasLongList(client)) return;
    for (const call of calls.slice(0, oneByOneMost)) {
      const now = await client.fetchQuery({ ...callQuery(call), staleTime: 0, retry: false }).catch(() => null);
      if (now) patchCalls(client, new Map([[call, columnsOf(now)]]));
    }
  };
  const soon = () => {
    timer ??= setTimeout(() => void look(), Math.max(gatherMs, lookedAt + apartMs - performance.now()));
  };
  return {
    lists: soon,
    changed(call: string) {
      changed.add(call);
      soon();
    },
    gone(call: string) {
      gone.add(call);
      soon();
    },
    stop: () => clearTimeout(timer),
  };
}
