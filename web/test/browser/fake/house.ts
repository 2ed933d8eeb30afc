// What the fake server remembers, and the few rules of the contract that the window's roads need.
import type { ServerResponse } from 'node:http';
import type {
  Account,
  Album,
  Call,
  CallDetails,
  Delivery,
  Job,
  Link,
  LiveCall,
  LogEvent,
  Note,
  Passkey,
  Person,
  RetentionRule,
  Session,
  Shared,
  Token,
  Webhook,
} from '../../../src/api/types';
import type { FakeAccount } from './answer';
import { detailsOf, makeAccount, makeCalls, makeLog, makePeople } from './data';

export interface FakeOptions {
  isSetUp?: boolean;
  calls?: number;
  account?: Partial<Account>;
  now?: Date;
}
export interface FakeLink extends Link {
  secret: string;
  word: string;
}
export interface Reader {
  response: ServerResponse;
  wantsLevels: boolean;
}

const dayMs = 86_400_000;

export class House {
  readonly setupCode = 'proef-1234';
  isSetUp: boolean;
  forWhom: 'home' | 'company' = 'home';
  language: 'nl' | 'en' = 'nl';
  nameTemplates: string[] = ['{contact_name} {date:yyyy-MM-dd}'];
  may: Session['may'] = ['accounts', 'whole_log', 'retention', 'webhooks', 'check', 'library', 'album'];
  accounts: FakeAccount[] = [];
  people: Person[];
  calls: Call[];
  readonly details = new Map<string, CallDetails>();
  links: FakeLink[] = [];
  log: LogEvent[];
  readonly sessions = new Map<string, string>();
  readonly tickets = new Map<string, string>();
  soundBytes = 0;
  isSlow = false; // long work stays where it is

  albums: (Album & { by: string; inside: Set<string> })[] = [];
  rules: RetentionRule[] = [
    { purpose: 'training', days: 60 },
    { purpose: 'agreement', days: 730 },
    { purpose: 'keepsake', days: null },
  ];
  readonly noticeDays = 14;
  readonly safekeepingDays = 30;
  readonly photos = new Map<string, { type: string; bytes: Buffer }>();
  jobs: (Job & { by: string })[] = [];
  tokens: Token[] = [];
  webhooks: Webhook[] = [];
  readonly deliveries = new Map<string, Delivery[]>();
  webhookAnswers = 200;
  passkeys: (Passkey & { account: string; attestation: Buffer })[] = [];
  readonly challenges = new Set<string>();
  readonly secrets = new Map<string, string>();
  readonly recoveryCodes = new Map<string, Set<string>>();
  live: LiveCall[] = [];
  readonly readers = new Set<Reader>();
  listeners = 0;
  // What was asked or answered otherwise than the contract says.
  readonly breaches: string[] = [];
  private counter = 0;

  constructor(options: FakeOptions = {}) {
    const now = options.now ?? new Date();
    this.isSetUp = options.isSetUp ?? true;
    this.people = makePeople();
    this.calls = makeCalls(options.calls ?? 400, this.people, now);
    this.log = makeLog(this.calls, now);
    if (this.isSetUp) this.accounts = makeAccounts(options.account);
    for (const person of this.people) {
      const theirs = this.calls.filter((call) => call.parties.some((party) => party.person === person.id));
      person.calls = theirs.length;
      if (theirs[0]) person.last = theirs[0].started;
    }
  }

  next(letter: string) {
    return `${letter}${++this.counter}`;
  }

  signIn(account: Account): string {
    const session = this.next('s') + Math.random().toString(36).slice(2);
    this.sessions.set(session, account.id);
    return session;
  }

  // As when the server was started anew, or somebody was away for a night.
  endSessions() {
    this.sessions.clear();
  }

  call(id: string): CallDetails | undefined {
    const known = this.details.get(id);
    if (known) return known;
    const call = this.calls.find((c) => c.id === id);
    if (!call) return undefined;
    const details: CallDetails = { ...call, ...detailsOf(call) };
    this.details.set(id, details);
    return details;
  }

  changed(call: CallDetails) {
    call.notes = call.note_list.length;
    const row = this.calls.find((c) => c.id === call.id);
    if (!row) return;
    const { purpose, tags, is_kept, is_held, notes, removed_at, deleted_at } = call;
    Object.assign(row, { purpose, tags, is_kept, is_held, notes, removed_at, deleted_at });
    this.tell('changed', { call: call.id });
  }

  // One event to everybody who reads them.
  tell(event: string, data: unknown) {
    for (const { response } of this.readers)
      if (!response.writableEnded) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  // When a rule lets a call go: never sooner than the days of notice after it was told.
  goesAt(call: Call): string | undefined {
    if (call.is_kept || call.is_held || call.removed_at) return undefined;
    if (this.albums.some((album) => album.inside.has(call.id))) return undefined;
    const numbers = call.parties.map((party) => party.number);
    const rule =
      this.rules.find((r) => r.purpose === call.purpose && r.line !== undefined && numbers.includes(r.line)) ??
      this.rules.find((r) => r.purpose === call.purpose && r.line === undefined);
    if (!rule || rule.days === null) return undefined;
    const at = Date.parse(call.started) + call.duration_ms + rule.days * dayMs;
    return new Date(Math.max(at, Date.now() + 3 * dayMs)).toISOString();
  }

  addNote(call: CallDetails, by: string, text: string, at_ms?: number): Note {
    const note: Note = {
      id: this.next('n'),
      text,
      by,
      is_mine: true,
      made_at: new Date().toISOString(),
      ...(at_ms !== undefined && { at_ms }),
    };
    call.note_list.push(note);
    this.changed(call);
    return note;
  }

  addLink(call: string, by: string, body: { recipient: string; days?: number; word?: string }): FakeLink {
    const link: FakeLink = {
      id: this.next('l'),
      call,
      by,
      recipient: body.recipient,
      made_at: new Date().toISOString(),
      ends_at: new Date(Date.now() + (body.days ?? 14) * dayMs).toISOString(),
      has_word: Boolean(body.word),
      is_open: true,
      times_opened: 0,
      secret: this.next('geheim') + 'x'.repeat(24),
      word: body.word ?? '',
    };
    this.links.unshift(link);
    return link;
  }

  open(link: FakeLink): Shared {
    const call = this.call(link.call)!;
    link.times_opened += 1;
    link.last_opened_at = new Date().toISOString();
    link.first_opened_at ??= link.last_opened_at;
    const ticket = this.next('ticket');
    this.tickets.set(ticket, link.secret);
    return {
      started: call.started,
      duration_ms: call.duration_ms,
      by: link.by,
      recipient: link.recipient,
      ends_at: link.ends_at,
      ticket,
      parties: call.parties.map(({ name, color }) => ({ name, number: '', ...(color !== undefined && { color }) })),
      tracks: call.tracks.map(({ track, party, is_mixed }) => ({ track, party, is_mixed })),
    };
  }

  addAlbum(by: string, name: string, kind: Album['kind'], calls: string[] = []) {
    const album = { id: this.next('m'), name, kind, by, is_mine: true, members: [], calls: 0, inside: new Set(calls) };
    this.albums.push(album);
    for (const id of calls) this.call(id)?.albums?.push(album.id);
    return album;
  }
}

function makeAccounts(change: Partial<Account> = {}): FakeAccount[] {
  const sanne = { id: 'a2', name: 'Sanne', team: 'verkoop', numbers: ['+31207654321'] };
  const kees = { id: 'a3', name: 'Kees', leads: ['verkoop'], numbers: [], is_disabled: true };
  return [
    { ...makeAccount(change), password: 'een lang zinnetje' },
    { ...makeAccount({ ...sanne, roles: ['employee'], face: 'full' }), password: 'nog een lang zinnetje' },
    { ...makeAccount({ ...kees, roles: ['manager', 'trainer'], face: 'full' }), password: 'en nog een lang zinnetje' },
  ];
}
