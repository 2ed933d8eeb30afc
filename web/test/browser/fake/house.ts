// What the fake server remembers, and the few rules of the contract that the window's roads need.
import type { Account, Call, CallDetails, Link, LogEvent, Note, Person, Shared } from '../../../src/api/types';
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

export class House {
  readonly setupCode = 'proef-1234';
  isSetUp: boolean;
  forWhom: 'home' | 'company' = 'home';
  language: 'nl' | 'en' = 'nl';
  accounts: (Account & { password: string })[] = [];
  people: Person[];
  calls: Call[];
  readonly details = new Map<string, CallDetails>();
  links: FakeLink[] = [];
  log: LogEvent[];
  readonly sessions = new Map<string, string>();
  readonly tickets = new Map<string, string>();
  soundBytes = 0;
  private counter = 0;

  constructor(options: FakeOptions = {}) {
    const now = options.now ?? new Date();
    this.isSetUp = options.isSetUp ?? true;
    this.people = makePeople();
    this.calls = makeCalls(options.calls ?? 400, this.people, now);
    this.log = makeLog(this.calls, now);
    if (this.isSetUp) {
      this.accounts.push({ ...makeAccount(options.account), password: 'een lang zinnetje' });
      this.accounts.push({
        ...makeAccount({
          id: 'a2',
          name: 'Sanne',
          roles: ['employee'],
          face: 'full',
          team: 'verkoop',
          numbers: ['+31207654321'],
        }),
        password: 'nog een lang zinnetje',
      });
      this.accounts.push({
        ...makeAccount({
          id: 'a3',
          name: 'Kees',
          roles: ['manager', 'trainer'],
          face: 'full',
          leads: ['verkoop'],
          numbers: [],
          is_disabled: true,
        }),
        password: 'en nog een lang zinnetje',
      });
    }
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
    if (row) Object.assign(row, { purpose: call.purpose, tags: call.tags, is_kept: call.is_kept, notes: call.notes });
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
      ends_at: new Date(Date.now() + (body.days ?? 14) * 86_400_000).toISOString(),
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
    };
  }
}
