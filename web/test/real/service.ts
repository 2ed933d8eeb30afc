// `naklank serve` itself, with the sample calls in its archive and the built pages: started, and stopped.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
export const naklank = process.env['NAKLANK'] ?? join(root, 'build/release/naklank');

export interface Service {
  url: string;
  archive: string;
  said: () => string;
  code: () => Promise<string>;
  stop: () => Promise<number | null>;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function until<T>(what: () => T | undefined | null | false): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(30)) {
    const found = what();
    if (found) return found;
  }
  throw new Error('it took too long');
}

export async function serve(...captures: string[]): Promise<Service> {
  const archive = mkdtempSync(join(tmpdir(), 'naklank-browser-'));
  for (const capture of captures)
    execFileSync(
      naklank,
      ['record', '--read', join(root, capture), '--archive', archive, '--quiet', '--purpose', 'agreement'],
      { stdio: 'pipe' },
    );
  const service = await start(archive);
  return {
    ...service,
    stop: async () => {
      const code = await service.stop();
      rmSync(archive, { recursive: true, force: true });
      return code;
    },
  };
}

// The service over an archive that is there, and stays.
export async function start(archive: string): Promise<Service> {
  const log = `${archive}.log`;
  const out = openSync(log, 'w');
  const child: ChildProcess = spawn(
    naklank,
    ['serve', '--archive', archive, '--http', '127.0.0.1:0', '--site', join(root, 'web/dist')],
    { stdio: ['ignore', 'ignore', out] },
  );
  process.once('exit', () => child.kill('SIGKILL')); // of a road that ended in a ditch
  const said = () => readFileSync(log, 'utf8');
  const ended = new Promise<number | null>((done) => {
    child.on('exit', done);
  });
  const address = await until(() =>
    child.exitCode === null ? / ready /.test(said()) && /http=(\S+)/.exec(said())?.[1] : undefined,
  );
  const link = join(archive, '.state/set-up-link');
  return {
    url: `http://${address}`,
    archive,
    said,
    code: async () =>
      new URL(await until(() => existsSync(link) && readFileSync(link, 'utf8').trim())).searchParams.get('code')!,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(log, { force: true });
      return code;
    },
  };
}
