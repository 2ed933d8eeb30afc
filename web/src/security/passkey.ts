// Passkeys (WebAuthn level 2): the browser wants bytes where the contract has base64url, and the other way about.
import { fromBase64url, toBase64url } from './base64url';

// An address of numbers has no passkeys: they belong to a name.
const isNumbers = (host: string) => /^[\d.]+$|^\[/.test(host);
export const canUsePasskeys = () => 'PublicKeyCredential' in window && !isNumbers(location.hostname);

type Json = Record<string, unknown>;
const bytesOf = (value: unknown) => fromBase64url(String(value));
const descriptors = (value: unknown): PublicKeyCredentialDescriptor[] =>
  (Array.isArray(value) ? (value as Json[]) : []).map(
    (one) => ({ ...one, id: bytesOf(one['id']) }) as unknown as PublicKeyCredentialDescriptor,
  );

export const creationOptions = (json: Json): PublicKeyCredentialCreationOptions =>
  ({
    ...json,
    challenge: bytesOf(json['challenge']),
    user: { ...(json['user'] as Json), id: bytesOf((json['user'] as Json)['id']) },
    excludeCredentials: descriptors(json['excludeCredentials']),
  }) as unknown as PublicKeyCredentialCreationOptions;

export const requestOptions = (json: Json): PublicKeyCredentialRequestOptions =>
  ({
    ...json,
    challenge: bytesOf(json['challenge']),
    allowCredentials: descriptors(json['allowCredentials']),
  }) as unknown as PublicKeyCredentialRequestOptions;

// Why there is no passkey, as far as a browser tells: `refused` by the person or the device, or `place`: not here.
export class PasskeyError extends Error {
  constructor(readonly why: 'refused' | 'place') {
    super(why);
  }
}

async function credentialOf(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await asked;
    if (credential) return credential as PublicKeyCredential;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') throw new PasskeyError('place');
  }
  throw new PasskeyError('refused');
}

export async function makePasskey(json: Json) {
  const credential = await credentialOf(navigator.credentials.create({ publicKey: creationOptions(json) }));
  const response = credential.response as AuthenticatorAttestationResponse;
  return { client_data: toBase64url(response.clientDataJSON), attestation: toBase64url(response.attestationObject) };
}

export async function proveByPasskey(json: Json) {
  const credential = await credentialOf(navigator.credentials.get({ publicKey: requestOptions(json) }));
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: toBase64url(credential.rawId),
    client_data: toBase64url(response.clientDataJSON),
    authenticator_data: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
  };
}
