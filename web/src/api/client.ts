// Asks the server, and turns every answer that is not a yes into one kind of error.
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { Problem } from './types';

export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null,
  ) {
    super(problem.detail ?? problem.title);
  }
  get type() {
    return this.problem.type;
  }
  get status() {
    return this.problem.status;
  }
}

// The server could not be reached at all.
export class OfflineError extends Error {}

export const base = '/api/v1';
export const api = createClient<paths>({ baseUrl: base });

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && request.method !== 'HEAD') request.headers.set('X-Naklank-Window', '1');
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function problemOf(error: unknown, response: Response): Problem {
  if (typeof error === 'object' && error !== null && 'type' in error && 'title' in error) {
    return { ...(error as Problem), status: response.status };
  }
  return {
    type: response.status === 404 ? 'not-found' : 'unknown',
    title: response.statusText || String(response.status),
    status: response.status,
  };
}

// The answer's body, or an ApiError, or an OfflineError.
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError(String(error));
  }
  if (answer.response.ok) return answer.data as T;
  const retryAfter = Number(answer.response.headers.get('Retry-After'));
  throw new ApiError(problemOf(answer.error, answer.response), retryAfter > 0 ? retryAfter : null);
}

export const isType = (error: unknown, type: string) => error instanceof ApiError && error.type === type;
export const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;
