import { describe, expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '../../src/security/base64url';
import { creationOptions, requestOptions } from '../../src/security/passkey';
import { pathOf, qrOf } from '../../src/security/qr';
import { inGroups } from '../../src/security/secret';
import { codeOf } from '../browser/fake/rooms/security';

describe('base64url', () => {
  test('is what others make of the same bytes, of every length', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 97 + length * 31) & 255);
      const text = toBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect([...fromBase64url(text)]).toEqual([...bytes]);
    }
    expect(toBase64url(Uint8Array.of(251, 255, 254).buffer)).toBe('-__-');
    expect([...fromBase64url('-__-')]).toEqual([251, 255, 254]);
  });
  test('is read with an end of = as well, and nonsense is refused', () => {
    expect([...fromBase64url('AQ==')]).toEqual([1]);
    expect(() => fromBase64url('ä')).toThrow();
  });
});

describe('the options of a passkey', () => {
  test('have bytes where the contract has base64url', () => {
    const made = creationOptions({
      challenge: 'AQID',
      rp: { id: 'localhost', name: 'Naklank' },
      user: { id: 'YTE', name: 'Marie', displayName: 'Marie' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ type: 'public-key', id: 'BA' }],
    });
    expect([...(made.challenge as Uint8Array)]).toEqual([1, 2, 3]);
    expect([...(made.user.id as Uint8Array)]).toEqual([97, 49]);
    expect([...(made.excludeCredentials![0]!.id as Uint8Array)]).toEqual([4]);
    expect(made.rp.id).toBe('localhost');
    const asked = requestOptions({ challenge: 'AQID', rpId: 'localhost' });
    expect(asked.allowCredentials).toEqual([]);
  });
});

describe('a QR code', () => {
  test('is one path of the dark modules, with a quiet edge', () => {
    expect(
      pathOf([
        [true, true, false],
        [false, false, true],
      ]),
    ).toBe('M4 4h2v1h-2zM6 5h1v1h-1z');
  });
  test('of an address of an authenticator has its three corners', () => {
    const { size, path } = qrOf('otpauth://totp/Naklank:Marie?secret=JBSWY3DPEHPK3PXP&issuer=Naklank');
    const modules = size - 8;
    expect((modules - 17) % 4).toBe(0);
    // The top line of the two upper finders, and of the lower one.
    for (const corner of ['M4 4h7', `M${size - 11} 4h7`, `M4 ${size - 11}h7`]) expect(path).toContain(corner);
  });
  test('has its secret beside it, in groups of four', () => {
    expect([inGroups('JBSWY3DPEHPK3PXPA'), inGroups('')]).toEqual(['JBSW Y3DP EHPK 3PXP A', '']);
  });
});

test('the fake server’s codes are those of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'; // "12345678901234567890"
  expect([codeOf(secret, 59_000), codeOf(secret, 1111111109_000)]).toEqual(['287082', '081804']);
});
