// A server of the contract's shape that forgets everything, to work on the window without the real one. It is no
// model of the rights: whoever is signed in may do all.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Call } from '../../../src/api/types';
import { House, type FakeOptions } from './house';
import { peaksOf, wavBytes, wavPart } from './sound';

class No extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly fields?: Record<string, string>,
  ) {
    super(type);
  }
}

interface Asked {
  method: string;
  parts: string[];
  query: URLSearchParams;
  body: any;
  request: IncomingMessage;
  response: ServerResponse;
}

function listCalls(house: House, query: URLSearchParams) {
  const text = query.get('q')?.toLowerCase();
  const fits = (call: Call) => {
    const wanted = (key: string, value: string) => !query.get(key) || query.get(key) === value;
    return (
      (!text || call.parties.some((p) => p.name.toLowerCase().includes(text) || p.number.includes(text))) &&
      (!query.get('from') || call.started >= query.get('from')!) &&
      (!query.get('to') || call.started < query.get('to')!) &&
      (!query.get('person') || call.parties.some((p) => p.person === query.get('person'))) &&
      (!query.get('number') || call.parties.some((p) => p.number === query.get('number'))) &&
      wanted('direction', call.direction) &&
      wanted('door', call.door) &&
      wanted('purpose', call.purpose) &&
      (!query.get('min_ms') || call.duration_ms >= Number(query.get('min_ms'))) &&
      (!query.get('max_ms') || call.duration_ms <= Number(query.get('max_ms'))) &&
      (!query.get('tag') || call.tags.includes(query.get('tag')!))
    );
  };
  const found = house.calls.filter(fits);
  const sort = query.get('sort') ?? 'newest';
  if (sort === 'oldest') found.reverse();
  if (sort === 'longest') found.sort((a, b) => b.duration_ms - a.duration_ms);
  if (sort === 'shortest') found.sort((a, b) => a.duration_ms - b.duration_ms);
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    calls: found.slice(from, from + limit),
    ...(from + limit < found.length && { next: String(from + limit) }),
    ...(query.get('count') === 'true' && { total: found.length }),
  };
}

function sendSound(house: House, asked: Asked, duration_ms: number) {
  const bytes = wavBytes(duration_ms);
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = Math.min(bytes, range?.[2] ? Number(range[2]) + 1 : bytes);
  const headers: Record<string, string | number> = {
    'Content-Type': 'audio/wav',
    'Accept-Ranges': 'bytes',
    'Content-Length': to - from,
    'Cache-Control': 'no-store',
  };
  if (range) headers['Content-Range'] = `bytes ${from}-${to - 1}/${bytes}`;
  if (asked.query.get('download') === 'true') headers['Content-Disposition'] = 'attachment; filename="gesprek.wav"';
  asked.response.writeHead(range ? 206 : 200, headers);
  let at = from;
  const more = () => {
    while (at < to && !asked.response.destroyed) {
      const end = Math.min(to, at + 65_536);
      const piece = wavPart(duration_ms, at, end);
      house.soundBytes += piece.length;
      at = end;
      if (!asked.response.write(piece)) return asked.response.once('drain', more);
    }
    return asked.response.end();
  };
  more();
  return sent;
}

const sent = Symbol('the answer was sent');
const publicLink = ({ secret: _secret, word: _word, ...link }: House['links'][number]) => link;
const publicAccount = ({ password: _password, ...account }: House['accounts'][number]) => account;

function withoutSession(house: House, asked: Asked): unknown {
  const { method, parts, body } = asked;
  const [room, id, what] = parts;
  const route = `${method} ${room}`;
  const startSession = (account: House['accounts'][number]) => {
    asked.response.setHeader('Set-Cookie', `naklank=${house.signIn(account)}; Path=/; HttpOnly; SameSite=Strict`);
    asked.response.statusCode = 201;
    return { account: publicAccount(account), for_whom: house.forWhom };
  };
  if (route === 'GET status')
    return {
      version: '0.2.0',
      is_set_up: house.isSetUp,
      language: house.language,
      ...(!house.isSetUp && { archive: '/var/lib/naklank/archief' }),
    };
  if (route === 'POST setup') {
    if (house.isSetUp) throw new No(409, 'already-set-up');
    if (body.code !== house.setupCode) throw new No(403, 'wrong-code');
    if (body.name === 'system') throw new No(422, 'malformed', { name: 'Deze naam is van Naklank zelf.' });
    house.isSetUp = true;
    house.forWhom = body.for_whom;
    house.language = body.language;
    const account = {
      id: 'a1',
      name: body.name,
      roles: ['owner' as const],
      language: body.language,
      face: body.for_whom === 'home' ? ('calm' as const) : ('full' as const),
      numbers: body.numbers ?? [],
      team: '',
      leads: [],
      is_disabled: false,
      password: body.password,
    };
    house.accounts.push(account);
    return startSession(account);
  }
  if (route === 'POST session') {
    const account = house.accounts.find((a) => a.name === body.name && a.password === body.password && !a.is_disabled);
    if (!account) throw new No(401, 'wrong-password');
    return startSession(account);
  }
  if (room === 'shared') {
    const link = house.links.find((l) => l.secret === id && l.is_open);
    if (!link) throw new No(404, 'not-found');
    if (!what) {
      const word = decodeURIComponent(String(asked.request.headers['x-naklank-word'] ?? ''));
      if (link.word && word !== link.word) throw new No(401, word ? 'wrong-word' : 'word-wanted');
      return house.open(link);
    }
    if (house.tickets.get(asked.query.get('ticket') ?? '') !== link.secret) throw new No(404, 'not-found');
    const { duration_ms } = house.call(link.call)!;
    return what === 'audio'
      ? sendSound(house, asked, duration_ms)
      : peaksOf(duration_ms, Number(asked.query.get('points') ?? 2000));
  }
  return undefined;
}

function aboutCalls(house: House, asked: Asked, by: string): unknown {
  const { method, parts, query, body, response } = asked;
  const [, id, what, sub] = parts;
  if (!id) return listCalls(house, query);
  const call = house.call(id);
  if (!call) throw new No(404, 'not-found');
  switch (`${method} ${what ?? ''}`) {
    case 'GET ':
      return call;
    case 'PATCH ':
      Object.assign(call, body);
      house.changed(call);
      return call;
    case 'GET audio':
      return sendSound(house, asked, call.duration_ms);
    case 'GET peaks':
      return peaksOf(call.duration_ms, Number(query.get('points') ?? 2000));
    case 'POST notes':
      response.statusCode = 201;
      return house.addNote(call, by, body.text, body.at_ms);
    case 'PATCH notes':
      return Object.assign(
        call.note_list.find((n) => n.id === sub)!,
        body,
        { changed_at: new Date().toISOString() },
      );
    case 'DELETE notes':
      call.note_list = call.note_list.filter((n) => n.id !== sub);
      house.changed(call);
      return null;
    case 'GET links':
      return { links: house.links.filter((l) => l.call === id).map(publicLink) };
    case 'POST links': {
      response.statusCode = 201;
      const link = house.addLink(id, by, body);
      return { link: publicLink(link), url: `/deel/${link.secret}` };
    }
    default:
      throw new No(404, 'not-found');
  }
}

function withSession(house: House, asked: Asked, account: House['accounts'][number], session: string): unknown {
  const { method, parts, query, body, response } = asked;
  const [room, id] = parts;
  if (room === 'calls') return aboutCalls(house, asked, account.name);
  switch (`${method} ${room}`) {
    case 'GET session':
      return { account: publicAccount(account), for_whom: house.forWhom };
    case 'DELETE session':
      house.sessions.delete(session);
      return null;
    case 'PATCH me':
      if (body.password && body.old_password !== account.password)
        throw new No(403, 'wrong-password', { old_password: 'Het huidige wachtwoord klopt niet.' });
      return publicAccount(Object.assign(account, { ...body, old_password: undefined }));
    case 'GET accounts':
      return { accounts: house.accounts.map(publicAccount) };
    case 'POST accounts': {
      const made = {
        id: house.next('b'),
        language: 'nl' as const,
        face: 'full' as const,
        numbers: [],
        team: '',
        leads: [],
        is_disabled: false,
        ...body,
      };
      house.accounts.push(made);
      response.statusCode = 201;
      return publicAccount(made);
    }
    case 'PATCH accounts':
      return publicAccount(
        Object.assign(
          house.accounts.find((a) => a.id === id)!,
          body,
        ),
      );
    case 'GET people':
      return { people: house.people };
    case 'POST people': {
      const person = { id: house.next('q'), color: 0, calls: 0, ...body };
      house.people.push(person);
      response.statusCode = 201;
      return person;
    }
    case 'PUT people':
      return Object.assign(
        house.people.find((p) => p.id === id)!,
        body,
      );
    case 'DELETE people':
      house.people = house.people.filter((p) => p.id !== id);
      return null;
    case 'GET tags': {
      const counts = new Map<string, number>();
      for (const call of house.calls) for (const tag of call.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      return { tags: [...counts].sort().map(([tag, calls]) => ({ tag, calls })) };
    }
    case 'GET log':
      return {
        events: house.log
          .filter(
            (e) =>
              (!query.get('before') || e.number < Number(query.get('before'))) &&
              (!query.get('who') || e.who === query.get('who')) &&
              (!query.get('what') || e.what === query.get('what')),
          )
          .slice(0, Number(query.get('limit') ?? 100)),
      };
    case 'DELETE links': {
      const link = house.links.find((l) => l.id === id);
      if (link) Object.assign(link, { is_open: false, revoked_at: new Date().toISOString() });
      return null;
    }
    default:
      throw new No(404, 'not-found');
  }
}

async function answer(house: House, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://fake');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const isUnsafe = request.method !== 'GET' && request.method !== 'HEAD';
    if (isUnsafe && request.headers['x-naklank-window'] !== '1') throw new No(403, 'not-allowed');
    const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const asked: Asked = {
      method: request.method ?? 'GET',
      parts: url.pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent),
      query: url.searchParams,
      body,
      request,
      response,
    };
    let found = withoutSession(house, asked);
    if (found === undefined) {
      const session = /naklank=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
      const account = house.accounts.find((a) => a.id === house.sessions.get(session));
      if (!account) throw new No(401, 'not-signed-in');
      found = withSession(house, asked, account, session);
    }
    if (found === sent) return;
    if (found === null) return void response.writeHead(204).end();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(found));
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
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
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
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
