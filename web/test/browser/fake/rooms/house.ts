// Accounts, people, tags, the log, rules, albums, jobs.
import type { NewJob } from '../../../../src/api/types';
import { found, made, No, publicAccount, sent, type Asked, type FakeAccount } from '../answer';
import type { House } from '../house';
import { change } from './calls';

export function accounts(house: House, asked: Asked): unknown {
  const { method, parts, body } = asked;
  if (method === 'GET') return { accounts: house.accounts.map(publicAccount) };
  if (method === 'POST') {
    const account: FakeAccount = {
      id: house.next('b'),
      language: 'nl',
      face: 'full',
      numbers: [],
      team: '',
      leads: [],
      is_disabled: false,
      has_authenticator: false,
      ...body,
    };
    house.accounts.push(account);
    return made(asked, publicAccount(account));
  }
  return publicAccount(Object.assign(found(house.accounts.find((a) => a.id === parts[1])), body));
}

const magic: Record<string, string> = { 'image/jpeg': 'ffd8ff', 'image/png': '89504e47', 'image/webp': '52494646' };

function photo(house: House, asked: Asked, id: string): unknown {
  const person = found(house.people.find((p) => p.id === id));
  if (asked.method === 'DELETE') {
    house.photos.delete(id);
    delete person.photo;
    return null;
  }
  if (asked.method === 'PUT') {
    const type = asked.request.headers['content-type'] ?? '';
    if (!magic[type] || !asked.bytes.toString('hex').startsWith(magic[type])) throw new No(415, 'no-picture');
    if (asked.bytes.length > 1_000_000) throw new No(413, 'too-large');
    house.photos.set(id, { type, bytes: asked.bytes });
    person.photo = `/api/v1/people/${id}/photo?v=${house.next('')}`;
    return null;
  }
  const { type, bytes } = found(house.photos.get(id));
  asked.response.writeHead(200, { 'Content-Type': type }).end(bytes);
  return sent;
}

export function people(house: House, asked: Asked): unknown {
  const { method, parts, body } = asked;
  const [, id, what] = parts;
  if (what === 'photo') return photo(house, asked, id!);
  if (method === 'GET') return { people: house.people };
  if (method === 'POST') {
    const person = { id: house.next('q'), color: 0, calls: 0, ...body };
    house.people.push(person);
    return made(asked, person);
  }
  if (method === 'PUT') return Object.assign(found(house.people.find((p) => p.id === id)), body);
  house.people = house.people.filter((p) => p.id !== id);
  return null;
}

export function tags(house: House) {
  const counts = new Map<string, number>();
  for (const call of house.calls) for (const tag of call.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return { tags: [...counts].sort().map(([tag, calls]) => ({ tag, calls })) };
}

export function log(house: House, query: URLSearchParams) {
  const events = house.log.filter(
    (e) =>
      (!query.get('before') || e.number < Number(query.get('before'))) &&
      (!query.get('who') || e.who === query.get('who')) &&
      (!query.get('what') || e.what === query.get('what')),
  );
  return { events: events.slice(0, Number(query.get('limit') ?? 100)) };
}

export function retention(house: House, { method, body }: Asked) {
  if (method === 'PUT') {
    if (!house.may.includes('retention')) throw new No(403, 'not-for-this-role');
    house.rules = body.rules;
  }
  return { rules: house.rules, notice_days: house.noticeDays, safekeeping_days: house.safekeepingDays };
}

const publicAlbum = ({ by: _by, inside, ...album }: House['albums'][number], me: string) => ({
  ...album,
  is_mine: _by === me,
  calls: inside.size,
});

export function albums(house: House, asked: Asked, { id: me }: FakeAccount): unknown {
  const { method, parts, body } = asked;
  const [, id, , call] = parts;
  if (!id) {
    if (method === 'GET')
      return {
        albums: house.albums.map((album) => publicAlbum(album, me)).sort((a, b) => a.name.localeCompare(b.name)),
      };
    if (!house.may.includes(body.kind)) throw new No(403, 'not-for-this-role');
    const album = Object.assign(house.addAlbum(me, body.name, body.kind), { members: body.members ?? [] });
    return made(asked, publicAlbum(album, me));
  }
  const album = found(house.albums.find((a) => a.id === id));
  if (call) {
    const { purpose } = found(house.call(call));
    const fits = album.kind === 'library' ? purpose === 'training' : purpose === 'memory' || purpose === 'keepsake';
    if (method === 'PUT' && !fits) throw new No(422, 'wrong-purpose');
    if (method === 'PUT') album.inside.add(call);
    else album.inside.delete(call);
    house.tell('changed', { call });
    return null;
  }
  if (album.by !== me) throw new No(403, 'not-yours');
  if (method === 'PUT') return publicAlbum(Object.assign(album, body), me);
  house.albums = house.albums.filter((a) => a !== album);
  return null;
}

const stepMs = 15;

function work(house: House, job: House['jobs'][number], wanted: NewJob) {
  const { kind: _kind, calls: ids = [], ...wish } = wanted;
  const publicJob = () => {
    const { by: _by, ...rest } = job;
    return rest;
  };
  const step = () => {
    if (house.isSlow) return;
    if (job.state === 'stopped') return;
    const id = wanted.kind === 'change' ? ids[job.done] : undefined;
    const call = id && house.call(id);
    try {
      if (id && !call) throw new No(404, 'not-found');
      if (call) change(house, call, wish);
    } catch (error) {
      job.failed += 1;
      job.problems = [...(job.problems ?? []), `${id}: ${(error as No).type}`];
    }
    job.done = Math.min(job.total, job.done + (wanted.kind === 'change' ? 1 : Math.ceil(job.total / 20)));
    if (job.done >= job.total) {
      job.state = 'done';
      job.ended_at = new Date().toISOString();
      if (wanted.kind === 'check' && house.calls[3]) {
        job.failed = 1;
        job.problems = [`${house.calls[3].id}: the sound is not as it was sealed`];
      }
    } else setTimeout(step, stepMs);
    house.tell('job', publicJob());
  };
  if (job.total > 0) setTimeout(step, stepMs);
  else Object.assign(job, { state: 'done', ended_at: new Date().toISOString() });
}

export function jobs(house: House, asked: Asked, { id: me }: FakeAccount): unknown {
  const { method, parts, body } = asked;
  const publicJob = ({ by: _by, ...job }: House['jobs'][number]) => job;
  if (parts[1]) {
    const job = found(house.jobs.find((j) => j.id === parts[1] && j.by === me));
    if (method === 'GET') return publicJob(job);
    Object.assign(job, { state: 'stopped', ended_at: new Date().toISOString() });
    house.tell('job', publicJob(job));
    return null;
  }
  if (method === 'GET') return { jobs: house.jobs.filter((j) => j.by === me).map(publicJob) };
  if (body.kind === 'check' && !house.may.includes('check')) throw new No(403, 'not-for-this-role');
  const job: House['jobs'][number] = {
    id: house.next('j'),
    kind: body.kind,
    state: 'running',
    done: 0,
    total: body.kind === 'check' ? house.calls.length : (body.calls ?? []).length,
    failed: 0,
    began_at: new Date().toISOString(),
    by: me,
  };
  house.jobs.unshift(job);
  work(house, job, body);
  asked.response.statusCode = 202;
  return publicJob(job);
}
