// What a room of the fake server is asked, and how it says no.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../../../src/api/types';

export type FakeAccount = Account & { password: string };

export class No extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly fields?: Record<string, string>,
  ) {
    super(type);
  }
}

export interface Asked {
  method: string;
  parts: string[];
  query: URLSearchParams;
  body: any;
  bytes: Buffer;
  request: IncomingMessage;
  response: ServerResponse;
}

export const sent = Symbol('the answer was sent');
export const publicAccount = ({ password: _password, ...account }: FakeAccount): Account => account;

export function found<T>(thing: T | undefined): T {
  if (thing === undefined) throw new No(404, 'not-found');
  return thing;
}

export function made<T>(asked: Asked, thing: T): T {
  asked.response.statusCode = 201;
  return thing;
}
