// Which page an address means. The paths are Dutch words that people read in a link.
type Plain =
  | 'calls'
  | 'search'
  | 'kept'
  | 'safekeeping'
  | 'live'
  | 'imports'
  | 'unsure'
  | 'names'
  | 'people'
  | 'albums'
  | 'house'
  | 'accounts'
  | 'retention'
  | 'programs'
  | 'check'
  | 'log'
  | 'settings'
  | 'security'
  | 'set-up';

export type Route =
  | { page: Plain | 'not-found' }
  | { page: 'call'; call: string }
  | { page: 'album'; album: string }
  | { page: 'person'; person: string }
  | { page: 'shared'; secret: string };

const plain: Record<string, Plain> = {
  '/': 'calls',
  '/gesprekken': 'calls',
  '/zoeken': 'search',
  '/bewaard': 'kept',
  '/in-bewaring': 'safekeeping',
  '/nu': 'live',
  '/binnenhalen': 'imports',
  '/uitzoeken': 'unsure',
  '/bestandsnamen': 'names',
  '/mensen': 'people',
  '/albums': 'albums',
  '/beheer': 'house',
  '/accounts': 'accounts',
  '/bewaartermijnen': 'retention',
  '/programmas': 'programs',
  '/controle': 'check',
  '/logboek': 'log',
  '/instellingen': 'settings',
  '/beveiliging': 'security',
  '/opzetten': 'set-up',
};

export const aCall = /^[0-9]{8}T[0-9]{6}Z-[0-9a-z]{6}$/;

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export function routeOf(path: string): Route {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const page = plain[trimmed || '/'];
  if (page) return { page };
  const [, room, rest, ...more] = trimmed.split('/');
  const id = rest === undefined || more.length > 0 ? null : decoded(rest);
  if (id) {
    if (room === 'gesprek' && aCall.test(id)) return { page: 'call', call: id };
    if (room === 'mensen') return { page: 'person', person: id };
    if (room === 'albums') return { page: 'album', album: id };
    if (room === 'deel') return { page: 'shared', secret: id };
  }
  return { page: 'not-found' };
}

export const callPath = (call: string, atMs?: number) =>
  `/gesprek/${call}${atMs ? `?t=${Math.floor(atMs / 1000)}` : ''}`;
export const albumPath = (album: string) => `/albums/${encodeURIComponent(album)}`;
// The page of accounts, with one of them open.
export const accountPath = (account: string) => `/accounts?account=${encodeURIComponent(account)}`;
export const personPath = (person: string) => `/mensen/${encodeURIComponent(person)}`;

// A call's name begins with when it began, in UTC.
export function startOfCall(call: string): Date {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/
    .exec(call)!
    .map(Number) as [number, number, number, number, number, number, number];
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
