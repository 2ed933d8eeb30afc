// Second factors, as they really work: codes by RFC 6238; of passkeys only that the challenge and the place are right.
import { createHmac, randomBytes } from 'node:crypto';
import { found, made, No, type Asked, type FakeAccount } from '../answer';
import type { House } from '../house';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[parseInt(five, 2)]).join('');
}

// The code of a secret at a moment (RFC 6238: six digits, half a minute, SHA-1).
export function codeOf(secret: string, atMs = Date.now()): string {
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const hash = createHmac('sha1', key).update(count).digest();
  const at = hash[19]! & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export function isRightCode(house: House, account: string, code: string): boolean {
  if (house.recoveryCodes.get(account)?.delete(code)) return true;
  const secret = house.secrets.get(account);
  return Boolean(secret) && [-30_000, 0, 30_000].some((apart) => codeOf(secret!, Date.now() + apart) === code);
}

function authenticator(house: House, asked: Asked, account: FakeAccount): unknown {
  const { method, body, request } = asked;
  if (method === 'POST') {
    if (body.password !== account.password) throw new No(403, 'wrong-password');
    if (account.has_authenticator) throw new No(409, 'has-one');
    const secret = base32(randomBytes(20));
    house.secrets.set(account.id, secret);
    return {
      secret,
      uri: `otpauth://totp/Naklank:${encodeURIComponent(account.name)}?secret=${secret}&issuer=Naklank`,
    };
  }
  if (method === 'PUT') {
    if (!house.secrets.has(account.id)) throw new No(409, 'not-begun');
    if (!isRightCode(house, account.id, body.code)) throw new No(422, 'wrong-code', { code: 'not the code of now' });
    account.has_authenticator = true;
    const codes = Array.from({ length: 10 }, () => randomBytes(5).toString('hex').replace(/^.{5}/, '$&-'));
    house.recoveryCodes.set(account.id, new Set(codes));
    return { recovery_codes: codes };
  }
  const password = decodeURIComponent(String(request.headers['x-naklank-password'] ?? ''));
  if (password !== account.password) throw new No(403, 'wrong-password');
  account.has_authenticator = false;
  house.secrets.delete(account.id);
  return null;
}

const challengeOf = (house: House) => {
  const challenge = randomBytes(32).toString('base64url');
  house.challenges.add(challenge);
  return challenge;
};
const publicPasskey = ({ account: _account, attestation: _attestation, ...passkey }: House['passkeys'][number]) =>
  passkey;

function checkClient(house: House, asked: Asked, clientData: string, type: string) {
  const said = JSON.parse(Buffer.from(clientData, 'base64url').toString()) as Record<string, string>;
  if (said['type'] !== type || !house.challenges.delete(said['challenge'] ?? '')) return false;
  return said['origin'] === `http://${asked.request.headers.host}`;
}

function passkeys(house: House, asked: Asked, account: FakeAccount): unknown {
  const { method, parts, body, request } = asked;
  if (method === 'GET') return { passkeys: house.passkeys.filter((p) => p.account === account.id).map(publicPasskey) };
  if (method === 'DELETE') {
    house.passkeys = house.passkeys.filter((p) => p.id !== parts[2]);
    return null;
  }
  if (parts[2] === 'options') {
    if (body.password !== account.password) throw new No(403, 'wrong-password');
    return {
      publicKey: {
        challenge: challengeOf(house),
        rp: { id: String(request.headers.host).split(':')[0], name: 'Naklank' },
        user: { id: Buffer.from(account.id).toString('base64url'), name: account.name, displayName: account.name },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: [],
      },
    };
  }
  if (!checkClient(house, asked, body.credential.client_data, 'webauthn.create')) throw new No(422, 'malformed');
  const passkey = {
    id: house.next('k'),
    name: body.name,
    made_at: new Date().toISOString(),
    account: account.id,
    attestation: Buffer.from(body.credential.attestation, 'base64url'),
  };
  house.passkeys.push(passkey);
  return made(asked, publicPasskey(passkey));
}

// The account's id, or the options.
export function passkeySignIn(house: House, asked: Asked): unknown {
  const { parts, body, request } = asked;
  if (parts[2] === 'options')
    return {
      publicKey: {
        challenge: challengeOf(house),
        rpId: String(request.headers.host).split(':')[0],
        userVerification: 'required',
        allowCredentials: [],
      },
    };
  const id = Buffer.from(body.id, 'base64url');
  const passkey = house.passkeys.find((p) => p.attestation.includes(id));
  if (!passkey || !body.signature || !checkClient(house, asked, body.client_data, 'webauthn.get'))
    throw new No(401, 'wrong-passkey');
  passkey.used_at = new Date().toISOString();
  return passkey.account;
}

export function me(house: House, asked: Asked, account: FakeAccount, publicAccount: (a: FakeAccount) => unknown) {
  const { parts, body } = asked;
  if (parts[1] === 'authenticator') return authenticator(house, asked, account);
  if (parts[1] === 'passkeys') return passkeys(house, asked, account);
  if (body.password && body.old_password !== account.password)
    throw new No(403, 'wrong-password', { old_password: 'Het huidige wachtwoord klopt niet.' });
  const { old_password: _old, ...wanted } = body;
  return publicAccount(Object.assign(found(account), wanted));
}
