// Holds what the window asks and what the fake answers against ../api/openapi.yaml: a field too many, one too few, or
// of another kind is a breach, and a test with a breach fails.
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';

interface Schema {
  $ref?: string;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  items?: Schema;
  enum?: unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
}
interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}
type Content = Record<string, { schema: Schema }>;
interface Operation {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { $ref?: string; content?: Content }>;
}
type Path = Record<string, Operation> & { parameters?: Parameter[] };

const contract = load(readFileSync('../api/openapi.yaml', 'utf8')) as { paths: Record<string, Path> };

function resolve<T extends { $ref?: string }>(node: T): T {
  if (!node.$ref) return node;
  let found: unknown = contract;
  for (const part of node.$ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part];
  return resolve(found as T);
}

// All properties that a schema and its parts know.
function known(schema: Schema): Record<string, Schema> {
  const s = resolve(schema);
  return Object.assign({}, s.properties, ...(s.allOf ?? []).map(known)) as Record<string, Schema>;
}

const kindOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;

function wrong(schema: Schema, value: unknown, at: string, isClosed: boolean): string[] {
  const s = resolve(schema);
  if (s.allOf) {
    const unknown = Object.keys(value as object).filter((key) => !(key in known(s)));
    return [
      ...unknown.map((key) => `${at}.${key} is not in the contract`),
      ...s.allOf.flatMap((part) => wrong(part, value, at, false)),
    ];
  }
  const kind = kindOf(value);
  const kinds = s.type === undefined ? [] : [s.type].flat();
  if (kinds.length > 0 && !kinds.includes(kind) && !(kind === 'integer' && kinds.includes('number')))
    return [`${at} is ${kind}, not ${kinds.join(' or ')}`];
  const found: string[] = [];
  const demand = (holds: boolean, what: string) => {
    if (!holds) found.push(`${at} ${what}`);
  };
  if (s.enum) demand(s.enum.includes(value), `is none of ${s.enum.join(', ')}`);
  if (typeof value === 'string') {
    demand(value.length >= (s.minLength ?? 0), 'is too short');
    demand(value.length <= (s.maxLength ?? Infinity), 'is too long');
    if (s.pattern) demand(new RegExp(s.pattern).test(value), `is not ${s.pattern}`);
    if (s.format === 'date-time') demand(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value), 'is no moment in UTC');
  }
  if (typeof value === 'number') {
    demand(value >= (s.minimum ?? -Infinity), 'is too small');
    demand(value <= (s.maximum ?? Infinity), 'is too large');
  }
  if (Array.isArray(value)) {
    demand(value.length >= (s.minItems ?? 0), 'has too few');
    demand(value.length <= (s.maxItems ?? Infinity), 'has too many');
    if (s.items) value.forEach((item, i) => found.push(...wrong(s.items!, item, `${at}[${i}]`, isClosed)));
  }
  if (kind === 'object') {
    const fields = value as Record<string, unknown>;
    for (const name of s.required ?? []) demand(fields[name] !== undefined, `lacks ${name}`);
    for (const [name, inner] of Object.entries(fields)) {
      const field = s.properties?.[name];
      if (inner === undefined) continue;
      if (field) found.push(...wrong(field, inner, `${at}.${name}`, isClosed));
      else if (typeof s.additionalProperties === 'object')
        found.push(...wrong(s.additionalProperties, inner, `${at}.${name}`, isClosed));
      else demand(s.additionalProperties !== false && !(isClosed && s.properties), `has ${name}, unknown`);
    }
  }
  return found;
}

const templates = Object.entries(contract.paths).map(([template, path]) => ({
  path,
  pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`),
  names: [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!),
}));

export interface Agreed {
  operation: Operation;
  wrong: string[];
}

function ofText(schema: Schema, text: string): unknown {
  const { type } = resolve(schema);
  if (type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

// `body`: read as JSON, or undefined.
export function agree(method: string, path: string, query: URLSearchParams, body: unknown): Agreed | null {
  for (const { path: found, pattern, names } of templates) {
    const match = pattern.exec(path);
    const operation = match && found[method.toLowerCase()];
    if (!match || !operation) continue;
    const parameters = [...(found.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const problems: string[] = [];
    for (const [name, text] of query) {
      const parameter = parameters.find((p) => p.in === 'query' && p.name === name);
      if (!parameter) problems.push(`?${name} is not in the contract`);
      else problems.push(...wrong(parameter.schema, ofText(parameter.schema, text), `?${name}`, false));
    }
    names.forEach((name, i) => {
      const parameter = parameters.find((p) => p.in === 'path' && p.name === name);
      if (parameter) problems.push(...wrong(parameter.schema, decodeURIComponent(match[i + 1]!), `{${name}}`, false));
    });
    const json = operation.requestBody?.content['application/json'];
    if (json) problems.push(...(body === undefined ? ['no body'] : wrong(json.schema, body, 'body', false)));
    return { operation, wrong: problems };
  }
  return null;
}

// What is wrong with an answer in JSON.
export function wrongAnswer({ operation }: Agreed, status: number, body: unknown): string[] {
  const answer = operation.responses[String(status)];
  if (!answer) return [`no answer ${status} in the contract`];
  const json = resolve(answer).content?.['application/json'];
  if (body === null) return json ? [`answer ${status} has a body in the contract`] : [];
  return json ? wrong(json.schema, body, `answer ${status}`, true) : [`answer ${status} has no body in the contract`];
}
