// Calls that run now: told by events, heard as a WAV without an end, in the time that it takes.
import type { LiveCall } from '../../../../src/api/types';
import { found, sent, type Asked } from '../answer';
import type { House, Reader } from '../house';
import { liveHeader, livePart, loudness } from '../sound';

const pieceMs = 100;

export function addLive(house: House, change: Partial<LiveCall> = {}): LiveCall {
  const person = house.people[house.live.length % house.people.length]!;
  const call: LiveCall = {
    id: house.next('live-'),
    started: new Date(Date.now() - 184_000).toISOString(),
    parties: [
      { role: 'caller', number: person.numbers[0]!, name: person.name, person: person.id, color: person.color },
      { role: 'callee', number: '+31201234567', name: 'Marie', color: 7 },
    ],
    direction: 'in',
    purpose: 'agreement',
    answered: true,
    is_paused: false,
    may_listen: true,
    ...change,
  };
  setLive(house, [call, ...house.live]);
  return call;
}

export function setLive(house: House, calls: LiveCall[]) {
  house.live = calls;
  house.tell('live', { calls });
}

export function live(house: House, asked: Asked): unknown {
  const { parts, response } = asked;
  if (!parts[1]) return { calls: house.live };
  const call = found(house.live.find((c) => c.id === parts[1] && c.may_listen));
  house.listeners += 1;
  response.writeHead(200, { 'Content-Type': 'audio/wav', 'Cache-Control': 'no-store' });
  response.write(liveHeader());
  const begun = Date.now();
  let at = 0;
  const timer = setInterval(() => {
    if (!house.live.includes(call)) return response.end();
    for (; at < Date.now() - begun; at += pieceMs) response.write(livePart(at, pieceMs));
    return undefined;
  }, pieceMs);
  response.on('close', () => {
    clearInterval(timer);
    house.listeners -= 1;
  });
  return sent;
}

export function events(house: House, asked: Asked): unknown {
  const { response, query } = asked;
  const reader: Reader = { response, wantsLevels: query.get('levels') === 'true' };
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(`event: live\ndata: ${JSON.stringify({ calls: house.live })}\n\n`);
  house.readers.add(reader);
  const timer = setInterval(() => {
    if (!reader.wantsLevels || house.live.length === 0 || response.writableEnded) return;
    const level = (voice: 0 | 1) => Math.round(255 * Math.sqrt(loudness(voice, Date.now())));
    const levels = Object.fromEntries(
      house.live.map((call) => [call.id, call.parties.map((_, i) => level((i % 2) as 0 | 1))]),
    );
    response.write(`event: levels\ndata: ${JSON.stringify({ levels })}\n\n`);
  }, 200);
  response.on('close', () => {
    clearInterval(timer);
    house.readers.delete(reader);
  });
  return sent;
}
