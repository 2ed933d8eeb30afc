// The list of calls, and one call: hearing, noting, sharing, keeping and letting go.
import type { Call, CallDetails, May } from '../../../../src/api/types';
import { found, made, No, sent, type Asked, type FakeAccount } from '../answer';
import type { House } from '../house';
import { peaksOf, wavBytes, wavPart } from '../sound';

const dayMs = 86_400_000;

function withGoing<T extends Call>(house: House, call: T): T {
  const goes_at = house.goesAt(call);
  return goes_at ? { ...call, goes_at } : call;
}

// As far as the fake has rights: what is held is not removed, what is in safekeeping is had back, and not heard.
function shown(house: House, call: CallDetails): CallDetails {
  const may = call.may.filter((action): boolean =>
    call.removed_at
      ? ['see', 'remove'].includes(action)
      : call.is_held
        ? action !== 'remove' && action !== 'hold'
        : action !== 'release',
  );
  if (call.is_held && call.may.includes('hold')) may.push('release' satisfies May);
  const albums = house.albums.filter((album) => album.inside.has(call.id)).map((album) => album.id);
  return withGoing(house, { ...call, may, albums });
}

export function listCalls(house: House, query: URLSearchParams) {
  const text = query.get('q')?.toLowerCase();
  const only = query.get('only');
  const album = query.get('album') && house.albums.find((a) => a.id === query.get('album'));
  const noticeEnd = new Date(Date.now() + house.noticeDays * dayMs).toISOString();
  const isOnly = (call: Call) => {
    if (Boolean(call.removed_at) !== (only === 'safekeeping')) return false;
    if (only === 'kept') return call.is_kept;
    if (only === 'held') return call.is_held;
    if (only === 'unsure') return call.is_unsure;
    if (only === 'going') return (house.goesAt(call) ?? '9') < noticeEnd;
    return true;
  };
  const fits = (call: Call) => {
    const wanted = (key: string, value: string) => !query.get(key) || query.get(key) === value;
    return (
      isOnly(call) &&
      (!query.get('album') || Boolean(album && album.inside.has(call.id))) &&
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
  const all = house.calls.filter(fits);
  const sort = query.get('sort') ?? 'newest';
  if (sort === 'oldest') all.reverse();
  if (sort === 'longest') all.sort((a, b) => b.duration_ms - a.duration_ms);
  if (sort === 'shortest') all.sort((a, b) => a.duration_ms - b.duration_ms);
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    calls: all
      .slice(from, from + limit)
      .map((call) => withGoing(house, { ...call, is_heard: call.is_heard && !call.removed_at })),
    ...(from + limit < all.length && { next: String(from + limit) }),
    ...(query.get('count') === 'true' && { total: all.length }),
  };
}

export function sendSound(house: House, asked: Asked, duration_ms: number) {
  if (asked.query.get('format') === 'opus') {
    asked.response
      .writeHead(200, { 'Content-Type': 'audio/ogg', 'Content-Disposition': 'attachment; filename="gesprek.opus"' })
      .end(Buffer.from('OggS'));
    return sent;
  }
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

export interface Change {
  purpose?: Call['purpose'];
  tags?: string[];
  add_tag?: string;
  remove_tag?: string;
  is_kept?: boolean;
  remove?: boolean;
  restore?: boolean;
}

export function change(house: House, call: CallDetails, wanted: Change) {
  const { add_tag, remove_tag, remove, restore, ...rest } = wanted;
  if (remove && call.is_kept) throw new No(409, 'kept');
  if (remove && call.is_held) throw new No(409, 'held');
  if (restore && !call.removed_at) throw new No(409, 'not-removed');
  Object.assign(call, rest);
  if (add_tag) call.tags = [...new Set([...call.tags, add_tag])];
  if (remove_tag) call.tags = call.tags.filter((tag) => tag !== remove_tag);
  if (remove) {
    call.removed_at = new Date().toISOString();
    call.deleted_at = new Date(Date.now() + house.safekeepingDays * dayMs).toISOString();
  }
  if (restore) {
    delete call.removed_at;
    delete call.deleted_at;
  }
  house.changed(call);
}

function hold(house: House, call: CallDetails, by: string, reason: string) {
  if (call.is_held) throw new No(409, 'held');
  call.is_held = true;
  call.hold = { by, at: new Date().toISOString(), reason, released_by: [] };
  house.changed(call);
}

function release(house: House, call: CallDetails, by: string) {
  if (!call.hold) throw new No(409, 'not-held');
  if (call.hold.released_by.includes(by)) throw new No(409, 'same-person');
  call.hold.released_by.push(by);
  if (call.hold.released_by.length >= 2) {
    call.is_held = false;
    delete call.hold;
  }
  house.changed(call);
}

const publicLink = ({ secret: _secret, word: _word, ...link }: House['links'][number]) => link;

export function calls(house: House, asked: Asked, { name: by }: FakeAccount): unknown {
  const { method, parts, query, body } = asked;
  const [, id, what, sub] = parts;
  if (!id) return listCalls(house, query);
  const call = found(house.call(id));
  switch (`${method} ${what ?? ''}`) {
    case 'GET ':
      return shown(house, call);
    case 'PATCH ':
      change(house, call, body);
      return shown(house, call);
    case 'DELETE ':
      change(house, call, { remove: true });
      house.tell('gone', { call: id });
      return null;
    case 'POST restore':
      change(house, call, { restore: true });
      return shown(house, call);
    case 'POST hold':
      hold(house, call, by, body.reason);
      return shown(house, call);
    case 'POST release':
      release(house, call, by);
      return shown(house, call);
    case 'GET audio':
      return sendSound(house, asked, call.duration_ms);
    case 'GET peaks':
      return peaksOf(call.duration_ms, Number(query.get('points') ?? 2000));
    case 'POST notes':
      return made(asked, house.addNote(call, by, body.text, body.at_ms));
    case 'PATCH notes':
      return Object.assign(found(call.note_list.find((n) => n.id === sub)), body, {
        changed_at: new Date().toISOString(),
      });
    case 'DELETE notes':
      call.note_list = call.note_list.filter((n) => n.id !== sub);
      house.changed(call);
      return null;
    case 'GET links':
      return { links: house.links.filter((l) => l.call === id).map(publicLink) };
    case 'POST links': {
      const link = house.addLink(id, by, body);
      return made(asked, { link: publicLink(link), url: `/deel/${link.secret}` });
    }
    default:
      throw new No(404, 'not-found');
  }
}
