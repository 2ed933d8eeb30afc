// Days, parts of days and lengths in words. All functions take the moment and what "now" is; none reads a clock.
import type { Words } from './nl';

const dayMs = 86_400_000;

function formatter(words: Words, options: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat(words.locale, options);
}

// Calendar days between two moments, as people at this place count them.
export function daysBetween(earlier: Date, later: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / dayMs);
}

export function dayKey(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

// "3 mei", and "3 mei 2019" when it is another year than now.
export function shortDay(words: Words, at: Date, now: Date): string {
  const text = formatter(words, { day: 'numeric', month: 'long' }).format(at);
  return at.getFullYear() === now.getFullYear() ? text : `${text} ${at.getFullYear()}`;
}

// "vrijdag 3 mei"
export function dayInWords(words: Words, at: Date, now: Date): string {
  return `${formatter(words, { weekday: 'long' }).format(at)} ${shortDay(words, at, now)}`;
}

// The heading of a group of calls: today and yesterday by name, the date beside it.
export function dayHeading(words: Words, at: Date, now: Date): { name: string; date: string } {
  const days = daysBetween(at, now);
  const date = dayInWords(words, at, now);
  if (days === 0) return { name: words.time.today, date };
  if (days === 1) return { name: words.time.yesterday, date };
  return { name: date.charAt(0).toUpperCase() + date.slice(1), date: '' };
}

// "vandaag", "morgen", "op 3 maart": when something will be. What should have been already is today.
export function onDay(words: Words, at: Date, now: Date): string {
  const days = daysBetween(now, at);
  if (days <= 0) return words.time.today.toLowerCase();
  return days === 1 ? words.time.tomorrow : words.time.on(shortDay(words, at, now));
}

export function partOfDay(words: Words, at: Date): string {
  const hour = at.getHours();
  if (hour < 6) return words.parts.night;
  if (hour < 12) return words.parts.morning;
  if (hour < 18) return words.parts.afternoon;
  return words.parts.evening;
}

export function clockTime(words: Words, at: Date): string {
  return formatter(words, { hour: '2-digit', minute: '2-digit' }).format(at);
}

// "3 mei om 14:05", for logs and links.
export function momentInWords(words: Words, at: Date, now: Date): string {
  const days = daysBetween(at, now);
  const day =
    days === 0
      ? words.time.today.toLowerCase()
      : days === 1
        ? words.time.yesterday.toLowerCase()
        : shortDay(words, at, now);
  return `${day} ${words.time.at(clockTime(words, at))}`;
}

// "12 minuten", "1 uur en 5 minuten", "40 seconden".
export function lengthInWords(words: Words, ms: number): string {
  // Whole seconds that have passed, as a place in a call counts them: "14 seconden" beside 0:14.
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return words.time.seconds(seconds);
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return words.time.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? words.time.hours(hours) : words.time.hoursAndMinutes(hours, minutes % 60);
}

// "1:03", "1:02:03": a place in a call.
export function timeCode(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// A place in a call as it is read aloud: "1 minuut en 3 seconden".
export function placeInWords(words: Words, ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    seconds >= 3600 ? words.time.hours(Math.floor(seconds / 3600)) : '',
    Math.floor(seconds / 60) % 60 > 0 ? words.time.minutes(Math.floor(seconds / 60) % 60) : '',
    seconds % 60 > 0 || seconds === 0 ? words.time.seconds(seconds % 60) : '',
  ].filter(Boolean);
  return list(words, parts);
}

// "a, b en c"
export function list(words: Words, items: string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${words.and} ${items[items.length - 1]}`;
}

// "vrijdag 3 mei, 's middags"
export function whenPart(words: Words, at: Date, now: Date): string {
  return `${dayInWords(words, at, now)}, ${partOfDay(words, at)}`;
}
