// Where the window is: the address bar is the only truth, and the server answers every path with the same page.
import { useSyncExternalStore, type MouseEvent } from 'react';

const followers = new Set<() => void>();
const changed = () => followers.forEach((follow) => follow());

// How far each visited address was scrolled, to come back to the same row of a list.
const scrolled = new Map<string, number>();
const address = () => location.pathname + location.search;

let isFirst = true;
export const isFirstPage = () => isFirst;

export function navigate(to: string, options: { replace?: boolean } = {}) {
  if (to === address()) return;
  scrolled.set(address(), scrollY);
  const stays = to.split('?')[0] === location.pathname;
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  isFirst = isFirst && stays;
  if (!stays) scrollTo(0, 0);
  changed();
}

// For a plain link: a click with nothing held stays in the window.
export function followLink(event: MouseEvent<HTMLAnchorElement>) {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(event.currentTarget.pathname + event.currentTarget.search);
}

export const scrolledAt = (where: string) => scrolled.get(where) ?? 0;

function follow(onChange: () => void) {
  followers.add(onChange);
  if (followers.size === 1) addEventListener('popstate', onPop);
  return () => {
    followers.delete(onChange);
    if (followers.size === 0) removeEventListener('popstate', onPop);
  };
}

function onPop() {
  isFirst = false;
  changed();
}

export const usePath = () => useSyncExternalStore(follow, () => location.pathname);
export const useSearch = () => useSyncExternalStore(follow, () => location.search);
