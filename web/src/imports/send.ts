// Sends files to the server in pieces. After a break it goes on where the server says that it was; a file counts as
// safe only when the server has told the SHA-256 of what it stored, and that is the file's own.
import { ApiError, OfflineError, api, ask, base } from '../api/client';
import type { Import, ImportResult, Purpose } from '../api/types';
import type { Picked } from './pick';

const pieceBytes = 4 * 1024 * 1024;
const atOnce = 3;
const againMs = 3_000;
const hashedMost = 64 * 1024 * 1024; // larger ones would fill a phone's memory

export interface Sending {
  files: number;
  done: number;
  bytes: number;
  sent: number;
  isWaiting: boolean; // for the network to come back
}

export class Stopped extends Error {}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done, failed) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      failed(new Stopped());
    });
  });

async function sendPiece(batch: string, file: number, at: number, piece: Blob, signal: AbortSignal): Promise<number> {
  let response: Response;
  try {
    response = await fetch(`${base}/imports/${batch}/files/${file}`, {
      method: 'PATCH',
      headers: { 'X-Naklank-Window': '1', 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(at) },
      body: piece,
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw new Stopped();
    throw new OfflineError(String(error));
  }
  if (response.ok) return ((await response.json()) as { offset: number }).offset;
  const offset = response.headers.get('Upload-Offset');
  if (response.status === 409 && offset !== null) return Number(offset);
  if (response.status >= 500) throw new OfflineError(String(response.status));
  throw new ApiError(await response.json(), null);
}

// Goes on trying as long as the network is away; what the server refuses is an error.
async function insist<T>(act: () => Promise<T>, waits: (isWaiting: boolean) => void, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      const done = await act();
      waits(false);
      return done;
    } catch (error) {
      if (signal.aborted) throw new Stopped();
      if (!(error instanceof OfflineError)) throw error;
      waits(true);
      await pause(againMs, signal);
    }
  }
}

export async function sendAll(
  picked: readonly Picked[],
  purpose: Purpose,
  zone: string,
  tell: (sending: Sending) => void,
  signal: AbortSignal,
): Promise<Import> {
  const state: Sending = {
    files: picked.length,
    done: 0,
    bytes: picked.reduce((sum, { file }) => sum + file.size, 0),
    sent: 0,
    isWaiting: false,
  };
  const say = (change: Partial<Sending>) => tell(Object.assign(state, change));
  const waits = (isWaiting: boolean) => {
    if (state.isWaiting !== isWaiting) say({ isWaiting });
  };
  const batch = await insist(() => ask(api.POST('/imports', { body: { purpose, zone } })), waits, signal);
  const params = { path: { import: batch.id } };

  const sendOne = async ({ path, file }: Picked) => {
    const body = { path, bytes: file.size, modified: new Date(file.lastModified).toISOString() };
    const named = await insist(() => ask(api.POST('/imports/{import}/files', { params, body })), waits, signal);
    for (let at = named.offset; at < file.size;) {
      const from = at;
      const piece = file.slice(from, from + pieceBytes);
      at = await insist(() => sendPiece(batch.id, named.file, from, piece, signal), waits, signal);
      say({ sent: state.sent + Math.max(0, at - from) });
    }
    say({ done: state.done + 1 });
  };
  const queue = [...picked];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await sendOne(next);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    return await insist(() => ask(api.POST('/imports/{import}/start', { params })), waits, signal);
  } catch (error) {
    queue.length = 0;
    await api.DELETE('/imports/{import}', { params }).catch(() => undefined);
    throw error;
  }
}

export async function resultsOf(id: string): Promise<ImportResult[]> {
  const all: ImportResult[] = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const query: { from: number } = { from };
    const page = await ask(api.GET('/imports/{import}/results', { params: { path: { import: id }, query } }));
    all.push(...page.results);
    from = page.next;
  }
  return all;
}

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');

// How many of the files that were sent are stored as they are; null where this browser cannot tell.
export async function safeOf(picked: readonly Picked[], results: readonly ImportResult[]): Promise<number | null> {
  if (!globalThis.crypto?.subtle) return null;
  const stored = new Map(results.map((result) => [result.path, result.sha256]));
  let safe = 0;
  for (const { path, file } of picked) {
    const told = stored.get(path);
    if (!told || file.size > hashedMost) continue;
    if (hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())) === told) safe += 1;
  }
  return safe;
}
