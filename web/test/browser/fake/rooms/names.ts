// Templates of names. What one reads in a name is made up: the real reader has tests of its own.
import type { Asked } from '../answer';
import type { House } from '../house';

export function nameTemplates(house: House, { method, parts, body }: Asked): unknown {
  if (method === 'GET') return { templates: house.nameTemplates };
  if (method === 'PUT') {
    house.nameTemplates = body.templates;
    return { templates: house.nameTemplates };
  }
  if (parts[1] !== 'preview') return null;
  const names = body.names as string[];
  return {
    trouble: String(body.template).includes('{date') ? '' : 'it names no {date}',
    rows: names.map((name) =>
      /\d{4}/.test(name)
        ? { name, is_read: true, started: '2024-05-03T12:05:00Z', direction: 'in', numbers: [], names: ['Oma'] }
        : { name, is_read: false },
    ),
  };
}
