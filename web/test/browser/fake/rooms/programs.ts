// Tokens and webhooks. A webhook's address is never really asked: the fake makes up the answer.
import type { Delivery } from '../../../../src/api/types';
import { found, made, No, type Asked, type FakeAccount } from '../answer';
import type { House } from '../house';

export function tokens(house: House, asked: Asked, account: FakeAccount): unknown {
  const { method, parts, body } = asked;
  if (method === 'GET') return { tokens: house.tokens };
  if (method === 'DELETE') {
    house.tokens = house.tokens.filter((t) => t.id !== parts[1]);
    return null;
  }
  const token = {
    id: house.next('t'),
    name: body.name,
    by: account.name,
    scopes: body.scopes,
    made_at: new Date().toISOString(),
    ...(body.days && { ends_at: new Date(Date.now() + body.days * 86_400_000).toISOString() }),
  };
  house.tokens.unshift(token);
  return made(asked, { token, secret: `nk_${'3f9a'.repeat(10)}` });
}

function deliver(house: House, webhook: string, event: string): Delivery {
  const status = house.webhookAnswers;
  const delivery: Delivery = {
    id: house.next('msg_'),
    event,
    at: new Date().toISOString(),
    tries: 1,
    state: status === 200 ? 'delivered' : 'waiting',
    ...(status > 0 && { status }),
    ...(status !== 200 && { problem: status === 0 ? 'nobody answers at this address' : `it answered ${status}` }),
  };
  house.deliveries.set(webhook, [delivery, ...(house.deliveries.get(webhook) ?? [])]);
  return delivery;
}

export function webhooks(house: House, asked: Asked): unknown {
  const { method, parts, body } = asked;
  const [, id, what] = parts;
  if (!house.may.includes('webhooks')) throw new No(403, 'not-for-this-role');
  if (!id) {
    if (method === 'GET') return { webhooks: house.webhooks };
    if (!/^https:\/\/|^http:\/\/(127\.|localhost)/.test(body.url))
      throw new No(422, 'malformed', { url: 'an address that begins with https://' });
    const webhook = { id: house.next('w'), url: body.url, events: body.events, is_on: true, waiting: 0 };
    house.webhooks.push(webhook);
    return made(asked, { webhook, secret: `whsec_${'b2s5'.repeat(8)}` });
  }
  const webhook = found(house.webhooks.find((w) => w.id === id));
  switch (`${method} ${what ?? ''}`) {
    case 'PATCH ':
      return Object.assign(webhook, body);
    case 'DELETE ':
      house.webhooks = house.webhooks.filter((w) => w !== webhook);
      return null;
    case 'POST test': {
      const delivery = deliver(house, id, 'test');
      Object.assign(webhook, { last_status: delivery.status ?? 0, last_at: delivery.at });
      return { delivery };
    }
    default:
      return { deliveries: house.deliveries.get(id) ?? [] };
  }
}
