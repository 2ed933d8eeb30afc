// Before anybody is known: setting up, signing in, and strangers with a link.
import { found, made, No, publicAccount, type Asked, type FakeAccount } from '../answer';
import type { House } from '../house';
import { peaksOf } from '../sound';
import { sendSound } from './calls';
import { isRightCode, passkeySignIn } from './security';

export const sessionOf = (house: House, account: FakeAccount) => ({
  account: publicAccount(account),
  for_whom: house.forWhom,
  may: house.may,
});

export function door(house: House, asked: Asked): unknown {
  const { method, parts, body } = asked;
  const [room, id, what] = parts;
  const startSession = (account: FakeAccount) => {
    asked.response.setHeader('Set-Cookie', `naklank=${house.signIn(account)}; Path=/; HttpOnly; SameSite=Strict`);
    return made(asked, sessionOf(house, account));
  };
  switch (`${method} ${room}`) {
    case 'GET status':
      return {
        version: '0.2.0',
        is_set_up: house.isSetUp,
        language: house.language,
        ...(!house.isSetUp && { archive: '/var/lib/naklank/archief' }),
      };
    case 'POST setup': {
      if (house.isSetUp) throw new No(409, 'already-set-up');
      if (body.code !== house.setupCode) throw new No(403, 'wrong-code');
      if (body.name === 'system') throw new No(422, 'malformed', { name: 'Deze naam is van Naklank zelf.' });
      house.isSetUp = true;
      house.forWhom = body.for_whom;
      house.language = body.language;
      const account: FakeAccount = {
        id: 'a1',
        name: body.name,
        roles: ['owner'],
        language: body.language,
        face: body.for_whom === 'home' ? 'calm' : 'full',
        numbers: body.numbers ?? [],
        team: '',
        leads: [],
        is_disabled: false,
        has_authenticator: false,
        password: body.password,
      };
      house.accounts.push(account);
      return startSession(account);
    }
    case 'POST session': {
      if (id === 'passkey') {
        const known = passkeySignIn(house, asked);
        return typeof known === 'string' ? startSession(found(house.accounts.find((a) => a.id === known))) : known;
      }
      const account = house.accounts.find(
        (a) => a.name === body.name && a.password === body.password && !a.is_disabled,
      );
      if (!account) throw new No(401, 'wrong-password');
      if (account.has_authenticator && !isRightCode(house, account.id, body.code ?? ''))
        throw new No(401, 'second-factor-wanted');
      return startSession(account);
    }
  }
  if (room !== 'shared') return undefined;
  const link = found(house.links.find((l) => l.secret === id && l.is_open));
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
