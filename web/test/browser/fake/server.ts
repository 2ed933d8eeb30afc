// A server of the contract's shape that forgets everything, to work on the window without the real one. It is no
// model of the rights: whoever is signed in may do all.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { No, publicAccount, sent, type Asked, type FakeAccount } from './answer';
import { agree, wrongAnswer } from './contract';
import { House, type FakeOptions } from './house';
import { calls } from './rooms/calls';
import { door, sessionOf } from './rooms/door';
import { accounts, albums, jobs, log, people, retention, tags } from './rooms/house';
import { events, live } from './rooms/live';
import { nameTemplates } from './rooms/names';
import { tokens, webhooks } from './rooms/programs';
import { me } from './rooms/security';

type Room = (house: House, asked: Asked, account: FakeAccount, session: string) => unknown;

const rooms: Record<string, Room> = {
  calls,
  accounts,
  people,
  tags,
  albums,
  jobs,
  live,
  events,
  retention,
  tokens,
  webhooks,
  imports: () => ({ imports: [], to_prepare: 0, prepared_in_ms: 0 }),
  'name-templates': nameTemplates,
  log: (house, { query }) => log(house, query),
  me: (house, asked, account) => me(house, asked, account, publicAccount),
  session(house, { method }, account, session) {
    if (method === 'GET') return sessionOf(house, account);
    house.sessions.delete(session);
    return null;
  },
  links(house, { parts }) {
    const link = house.links.find((l) => l.id === parts[1]);
    if (link) Object.assign(link, { is_open: false, revoked_at: new Date().toISOString() });
    return null;
  },
};

async function answer(house: House, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://fake');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const where = `${request.method} ${url.pathname}`;
  try {
    const isUnsafe = request.method !== 'GET' && request.method !== 'HEAD';
    if (isUnsafe && request.headers['x-naklank-window'] !== '1') throw new No(403, 'not-allowed');
    const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
    const body: unknown = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
    // The contract has another address for another picture, and leaves open what makes it another.
    const query = new URLSearchParams(url.searchParams);
    if (url.pathname.endsWith('/photo')) query.delete('v');
    const agreed = agree(request.method ?? 'GET', url.pathname.replace('/api/v1', ''), query, body);
    if (!agreed) throw new No(404, 'not-found');
    if (agreed.wrong.length > 0) {
      house.breaches.push(...agreed.wrong.map((what) => `${where}: ${what}`));
      throw new No(422, 'malformed');
    }
    const parts = url.pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent);
    const asked: Asked = {
      method: request.method ?? 'GET',
      parts,
      query: url.searchParams,
      body,
      bytes,
      request,
      response,
    };
    let found = door(house, asked);
    if (found === undefined) {
      const session = /naklank=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
      const account = house.accounts.find((a) => a.id === house.sessions.get(session));
      if (!account) throw new No(401, 'not-signed-in');
      found = rooms[parts[0]!]!(house, asked, account, session);
    }
    if (found === sent) return;
    const status = found === null ? 204 : response.statusCode;
    const json = found === null ? null : JSON.stringify(found);
    house.breaches.push(
      ...wrongAnswer(agreed, status, json === null ? null : JSON.parse(json)).map((what) => `${where}: ${what}`),
    );
    if (json === null) return void response.writeHead(204).end();
    response.setHeader('Content-Type', 'application/json');
    response.end(json);
  } catch (error) {
    const no = error instanceof No ? error : new No(500, String(error));
    response.writeHead(no.status, { 'Content-Type': 'application/problem+json' });
    response.end(
      JSON.stringify({ type: no.type, title: no.type, status: no.status, ...(no.fields && { fields: no.fields }) }),
    );
  }
}

export function fakeHandler(house = new House()) {
  return (request: IncomingMessage, response: ServerResponse) => answer(house, request, response);
}

// As the real server sends them: nothing inline, nothing from elsewhere.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.json': 'application/json',
};

async function sendFile(request: IncomingMessage, response: ServerResponse) {
  const path = normalize(new URL(request.url ?? '/', 'http://fake').pathname);
  const headers = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
  };
  const file = extname(path) ? path : '/index.html';
  const content = await readFile(join('dist', file)).catch(() => null);
  if (!content) return void response.writeHead(404, headers).end();
  response
    .writeHead(200, { ...headers, 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    .end(content);
}

export async function startFake(options: FakeOptions = {}) {
  const house = new House(options);
  const server = createServer((request, response) => {
    void (request.url?.startsWith('/api/') ? answer(house, request, response) : sendFile(request, response));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    house,
    url: `http://127.0.0.1:${address.port}`,
    // Fails when anything was asked or answered that the contract does not know.
    async stop() {
      await new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
      if (house.breaches.length > 0) throw new Error([...new Set(house.breaches)].join('\n'));
    },
  };
}
