// What happened, in words: an event of the custody log with its detail, which the server tells in words of its own.
import type { Language, LogEvent } from '../api/types';
import { timeCode } from '../words/dates';
import { later } from '../words/later';
import type { Words } from '../words/nl';

// The names of albums, people and accounts, by what the server calls them.
export type Names = ReadonlyMap<string, string>;
const nobody: Names = new Map();

// A detail begins with the name that the server has for what it is about; people know it by its own.
const ownName = /^([a-z]{1,2}-[0-9a-z]+)(?:: | |$)/;

const wordOf = (known: object, key: string): string =>
  Object.hasOwn(known, key) ? (known as Record<string, string>)[key]! : key;

function changeInWords(words: Words, change: string): string {
  const { log } = later[words.code as Language];
  const [, purpose] = /^purpose (.+)$/.exec(change) ?? [];
  if (purpose) return log.purpose(wordOf(words.purposes, purpose));
  const [, tags] = /^(\d+) tags$/.exec(change) ?? [];
  return tags ? log.tags(Number(tags)) : wordOf(log.changes, change);
}

function detailInWords(words: Words, { what, detail = '' }: LogEvent, names: Names): string {
  const { log } = later[words.code as Language];
  const [start = '', id = ''] = ownName.exec(detail) ?? [];
  const name = names.get(id) ?? '';
  const rest = detail.slice(start.length);
  switch (what) {
    case 'set-up':
      return '';
    case 'changed':
      return detail
        .split('; ')
        .map((change) => changeInWords(words, change))
        .join(', ');
    case 'account-added':
    case 'account-changed': {
      const roles = rest.split(', ').map((role) => wordOf(words.accounts.role, role));
      return [name, roles.join(', ')].filter(Boolean).join(': ');
    }
    case 'denied': {
      const [action = '', reason = ''] = detail.split(': ');
      return [wordOf(log.actions, action), wordOf(log.reasons, reason)].filter(Boolean).join(': ');
    }
    case 'sign-in-refused':
      return wordOf(log.refusals, detail);
    case 'listened-in':
      return detail; // a Call-ID, which may look like a name of the server's
    case 'listened-in-until': {
      const [, seconds, call] = /^(\d+) s(?: of (.*))?$/.exec(detail) ?? [];
      return seconds ? [words.time.seconds(Number(seconds)), call].filter(Boolean).join(', ') : detail;
    }
    case 'retention-set': {
      const [, rules] = /^(\d+) rules$/.exec(detail) ?? [];
      return rules ? log.rules(Number(rules)) : detail;
    }
    case 'webhook-changed':
      return wordOf(log.switches, rest);
    default:
      return [name, rest].filter(Boolean).join(': ');
  }
}

// "luisterde, van 0:00 tot 1:03"
export function eventInWords(words: Words, event: LogEvent, names: Names = nobody): string {
  const part =
    event.from_ms !== undefined && event.to_ms !== undefined
      ? words.log.part(timeCode(event.from_ms), timeCode(event.to_ms))
      : '';
  return [words.log.events[event.what] ?? event.what, part, detailInWords(words, event, names)]
    .filter(Boolean)
    .join(', ');
}

// Who did it: a name, but for those who have none.
export const whoInWords = (words: Words, who: string): string =>
  who === 'system' ? words.log.system : wordOf(later[words.code as Language].log.whos, who);
