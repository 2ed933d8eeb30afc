// What the list of calls is filtered by. Filters live in the address, so that a link shares them; the address keeps
// days as people chose them, the server is asked for moments.
import { directions, doors, purposes, type Direction, type Door, type Purpose } from '../api/types';

export type Sort = 'newest' | 'oldest' | 'longest' | 'shortest';
export const sorts: readonly Sort[] = ['newest', 'oldest', 'longest', 'shortest'];

export type Only = 'kept' | 'held' | 'going' | 'unsure' | 'safekeeping';
export const onlies: readonly Only[] = ['kept', 'held', 'going', 'unsure', 'safekeeping'];

export interface Filters {
  q?: string;
  from?: string; // a day, 2026-05-03
  to?: string; // a day, and all of it
  person?: string;
  number?: string;
  direction?: Direction;
  purpose?: Purpose;
  door?: Door;
  min?: number; // seconds
  max?: number;
  tag?: string;
  album?: string;
  only?: Only;
  sort?: Sort;
}

const aDay = /^\d{4}-\d{2}-\d{2}$/;

function oneOf<T extends string>(value: string | null, values: readonly T[]): T | undefined {
  return values.find((v) => v === value);
}

function isDay(value: string | null): value is string {
  return value !== null && aDay.test(value) && !Number.isNaN(Date.parse(value));
}

// Anything that is no filter of ours is left out: an address is typed by anybody.
export function filtersFromAddress(search: string): Filters {
  const asked = new URLSearchParams(search);
  const found: Filters = {};
  for (const key of ['q', 'person', 'number', 'tag', 'album'] as const) {
    const value = asked.get(key)?.slice(0, 200);
    if (value) found[key] = value;
  }
  for (const key of ['from', 'to'] as const) {
    const value = asked.get(key);
    if (isDay(value)) found[key] = value;
  }
  for (const key of ['min', 'max'] as const) {
    const value = Number(asked.get(key));
    if (asked.has(key) && Number.isInteger(value) && value >= 0) found[key] = value;
  }
  const direction = oneOf(asked.get('direction'), directions);
  const purpose = oneOf(asked.get('purpose'), purposes);
  const door = oneOf(asked.get('door'), doors);
  const only = oneOf(asked.get('only'), onlies);
  const sort = oneOf(asked.get('sort'), sorts);
  return {
    ...found,
    ...(direction && { direction }),
    ...(purpose && { purpose }),
    ...(door && { door }),
    ...(only && { only }),
    ...(sort && sort !== 'newest' && { sort }),
  };
}

const order: readonly (keyof Filters)[] = [
  'q',
  'from',
  'to',
  'person',
  'number',
  'direction',
  'purpose',
  'door',
  'min',
  'max',
  'tag',
  'album',
  'only',
  'sort',
];

export function filtersToAddress(filters: Filters): string {
  const address = new URLSearchParams();
  for (const key of order) {
    const value = filters[key];
    if (value !== undefined && value !== '' && value !== 'newest') address.set(key, String(value));
  }
  const text = address.toString();
  return text ? `?${text}` : '';
}

// The beginning of a day here, as a moment; `later` days on.
function startOfDay(day: string, later: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).toISOString();
}

export function filtersToQuery(filters: Filters) {
  const { from, to, min, max, ...rest } = filters;
  return {
    ...rest,
    ...(from && { from: startOfDay(from, 0) }),
    ...(to && { to: startOfDay(to, 1) }),
    ...(min !== undefined && { min_ms: min * 1000 }),
    ...(max !== undefined && { max_ms: max * 1000 }),
  };
}

// Without an undefined or empty value, so that equal filters are equal keys.
export function withFilter(filters: Filters, change: Partial<Filters>): Filters {
  const merged = { ...filters, ...change };
  return Object.fromEntries(
    order.filter((key) => merged[key] !== undefined && merged[key] !== '').map((key) => [key, merged[key]]),
  ) as Filters;
}

export const filterCount = (filters: Filters) =>
  order.filter((key) => key !== 'q' && key !== 'sort' && filters[key] !== undefined).length -
  (filters.min !== undefined && filters.max !== undefined ? 1 : 0);

export interface LengthChoice {
  id: 'any' | 'short' | 'middle' | 'long' | 'longer';
  min?: number;
  max?: number;
}
export const lengthChoices: readonly LengthChoice[] = [
  { id: 'any' },
  { id: 'short', max: 60 },
  { id: 'middle', min: 60, max: 300 },
  { id: 'long', min: 300, max: 900 },
  { id: 'longer', min: 900 },
];

export function lengthChoice(filters: Filters): LengthChoice['id'] | 'other' {
  return lengthChoices.find((choice) => choice.min === filters.min && choice.max === filters.max)?.id ?? 'other';
}
