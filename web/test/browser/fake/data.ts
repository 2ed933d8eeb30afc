// People and calls that do not exist, the same in every run.
import type { Account, Call, CallDetails, Gap, LogEvent, Person, Track } from '../../../src/api/types';

const names = [
  'Jan de Vries',
  'Oma Bakker',
  'Sanne Jansen',
  'Mohammed El Amrani',
  'Eneco klantenservice',
  'Piet Mulder',
  'Dr. Van Dijk',
  'Lotte',
  'Garage Smit',
  'Tante Riet',
  'Emma Visser',
  'Gemeente Utrecht',
];
const purposes = ['wording', 'agreement', 'memory', 'training', 'keepsake'] as const;
const doors = ['bridge', 'siprec', 'tap', 'import'] as const;
const tagNames = ['offerte', 'verjaardag', 'klacht', 'afspraak', 'verzekering', 'belastingdienst'];
export const myNumber = '+31201234567';

// A small generator of numbers that look drawn by chance (mulberry32).
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function makePeople(): Person[] {
  return names
    .slice(0, 10)
    .map((name, i) => ({ id: `p${i}`, name, numbers: [`+3161234${String(1000 + i)}`], color: i, calls: 0 }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function makeAccount(change: Partial<Account> = {}): Account {
  return {
    id: 'a1',
    name: 'Marie',
    roles: ['owner'],
    language: 'nl',
    face: 'calm',
    numbers: [myNumber],
    team: '',
    leads: [],
    is_disabled: false,
    has_authenticator: false,
    ...change,
  };
}

const two = (n: number) => String(n).padStart(2, '0');
function idOf(at: Date, n: number) {
  return `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}T${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}Z-${n.toString(36).padStart(6, '0')}`;
}

export function makeCalls(count: number, people: Person[], now: Date): Call[] {
  const draw = chance(7);
  const pick = <T>(from: readonly T[]) => from[Math.floor(draw() * from.length)]!;
  let at = now.getTime() - 40 * 60_000;
  return Array.from({ length: count }, (_, n) => {
    at -= Math.floor(draw() ** 2 * 14 * 3600_000) + 120_000;
    const started = new Date(at - (at % 1000));
    const person = draw() < 0.85 ? pick(people) : undefined;
    const them = person
      ? { number: person.numbers[0]!, name: person.name, person: person.id, color: person.color }
      : { number: `+31850${String(100000 + Math.floor(draw() * 899999))}`, name: '', color: Math.floor(draw() * 12) };
    const me = { number: myNumber, name: 'Marie', color: 7 };
    const isIn = draw() < 0.55;
    const answered = draw() > 0.06;
    return {
      id: idOf(started, n),
      started: started.toISOString(),
      duration_ms: answered ? Math.floor(8000 + draw() ** 3 * 2_400_000) : 0,
      parties: isIn
        ? [
            { role: 'caller', ...them },
            { role: 'callee', ...me },
          ]
        : [
            { role: 'caller', ...me },
            { role: 'callee', ...them },
          ],
      direction: isIn ? 'in' : 'out',
      door: pick(doors),
      purpose: pick(purposes),
      kind: 'call',
      is_unsure: false,
      answered,
      has_sound: answered,
      is_cut_off: false,
      is_heard: answered,
      is_kept: draw() < 0.1,
      is_held: false,
      tags: draw() < 0.35 ? [pick(tagNames)] : [],
      notes: 0,
    } satisfies Call;
  });
}

function gapsOf(call: Call, track: number): Gap[] {
  const end = call.duration_ms;
  if (track === 1)
    return [
      { cause: 'loss', from_ms: Math.floor(end * 0.31), to_ms: Math.floor(end * 0.31) + 400, packets: 20 },
      { cause: 'hold', from_ms: Math.floor(end * 0.55), to_ms: Math.floor(end * 0.6), packets: 0 },
    ];
  return [
    { cause: 'not-begun', from_ms: 0, to_ms: 900, packets: 0 },
    { cause: 'silence', from_ms: Math.floor(end * 0.2), to_ms: Math.floor(end * 0.21), packets: 0 },
  ];
}

export function detailsOf(call: Call): Omit<CallDetails, keyof Call> {
  const track = (n: number): Track => ({
    track: n,
    party: n - 1,
    is_mixed: false,
    codec: 'PCMA',
    packets: {
      received: Math.floor(call.duration_ms / 20),
      lost: n === 1 ? 20 : 0,
      late: 0,
      duplicate: 0,
      dropped_by_us: 0,
      undecodable: 0,
      withheld: 0,
    },
    gaps: gapsOf(call, n),
  });
  return {
    basis: 'own-line',
    ending: 'bye',
    rate_hz: 8000,
    tracks: call.has_sound ? [track(1), track(2)] : [],
    drops: [],
    events: [
      { at_ms: 0, what: 'invited', party: 1 },
      { at_ms: 0, what: 'answered', party: 1 },
      { at_ms: call.duration_ms, what: 'ended', party: 0 },
    ],
    key_presses: call.answered ? [{ at_ms: 4200, duration_ms: 120, key: '1', party: 1 }] : [],
    oddities: [{ name: 'clock-drift', count: 1, first_ms: 60_000 }],
    sha256: 'd5e1c0b7a96f4f0e8c2b3a4958671625'.repeat(2),
    may: ['see', 'hear', 'download', 'note', 'edit', 'share', 'keep', 'remove', 'hold'],
    note_list: [],
    albums: [],
  };
}

export function makeLog(calls: readonly Call[], now: Date): LogEvent[] {
  const whats = ['heard', 'downloaded', 'shared', 'denied', 'hearing', 'signed-in'];
  return Array.from({ length: 40 }, (_, i) => {
    const what = whats[i % whats.length]!;
    const call = calls[i % Math.max(1, calls.length)];
    return {
      number: 40 - i,
      at: new Date(now.getTime() - i * 7_200_000).toISOString(),
      what,
      who: i % 3 === 0 ? 'Sanne' : 'Marie',
      from: '192.0.2.7',
      ...(what !== 'signed-in' && call && { recording: call.id }),
      ...(what === 'heard' && { from_ms: 0, to_ms: 63_000 }),
    };
  });
}
