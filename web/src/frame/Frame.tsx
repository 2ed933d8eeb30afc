// What is around every page: where one is, where one can go, and whether there is a connection.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { liveQuery } from '../api/queries';
import type { Session } from '../api/types';
import type { Route } from '../router/routes';
import { Said } from '../ui/said';
import { useWords } from '../words/context';
import { OfflineBar } from './OfflineBar';
import { PhotosOfPeople } from './PhotosOfPeople';
import { SignOut } from './SignOut';

interface Place {
  path: string;
  name: string;
  pages: Route['page'][];
  count?: number;
}

const housePages: Route['page'][] = ['house', 'accounts', 'retention', 'programs', 'check'];

// What happens is followed for as long as somebody is inside; it is loaded after the page.
function useEvents() {
  const client = useQueryClient();
  useEffect(() => {
    let isOver = false;
    let stop: (() => void) | undefined;
    import('../live/follow').then(
      ({ followEvents }) => {
        if (!isOver) stop = followEvents(client);
      },
      () => undefined,
    );
    return () => {
      isOver = true;
      stop?.();
    };
  }, [client]);
}

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden>
      <circle cx="8" cy="16" r="3.4" />
      <path d="M15 8.5a10.5 10.5 0 0 1 0 15" />
      <path d="M20 4.5a16 16 0 0 1 0 23" />
      <path d="M25 1.5a21 21 0 0 1 0 29" />
    </svg>
  );
}

export function Frame({ session, page, children }: { session: Session; page: Route['page']; children: ReactNode }) {
  const words = useWords();
  const { face } = session.account;
  const isCalm = face === 'calm';
  useEffect(() => {
    document.documentElement.dataset['face'] = face;
  }, [face]);

  useEvents();
  const live = useQuery({ ...liveQuery, enabled: false }).data?.length ?? 0;

  const now: Place = { path: '/nu', name: words.nav.live, pages: ['live'] };
  const people: Place = { path: '/mensen', name: words.nav.people, pages: ['people', 'person'] };
  const calm: Place[] = [
    { path: '/', name: words.nav.listen, pages: ['calls', 'call'] },
    people,
    { path: '/zoeken', name: words.nav.search, pages: ['search'] },
    { path: '/bewaard', name: words.nav.kept, pages: ['kept', 'albums', 'album', 'safekeeping'] },
  ];
  const full: Place[] = [
    { path: '/', name: words.nav.calls, pages: ['calls', 'call', 'search', 'kept'] },
    { ...now, count: live },
    people,
    { path: '/albums', name: words.nav.albums, pages: ['albums', 'album'] },
    { path: '/beheer', name: words.nav.house, pages: [...housePages, 'safekeeping'] },
    { path: '/logboek', name: words.nav.log, pages: ['log'] },
  ];
  const settings: Place = {
    path: '/instellingen',
    name: words.nav.settings,
    pages: isCalm ? ['settings', 'security', 'log', ...housePages] : ['settings', 'security'],
  };
  const link = (place: Place) => (
    <li key={place.path}>
      <Link href={place.path} className="nav-link" aria-current={place.pages.includes(page) ? 'page' : undefined}>
        {place.name}
        {place.count ? <span className="nav-count">{place.count}</span> : null}
      </Link>
    </li>
  );

  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words.nav.skip}
      </a>
      <header className="bar">
        <Link href="/" className="brand">
          <Logo />
          <span>Naklank</span>
        </Link>
        <nav aria-label={words.nav.main}>
          <ul className="nav">{(isCalm ? calm : full).map(link)}</ul>
          <ul className="nav nav-own">
            {isCalm && live > 0 && link(now)}
            {link(settings)}
            {!isCalm && (
              <li>
                <SignOut className="nav-link" />
              </li>
            )}
          </ul>
        </nav>
      </header>
      <OfflineBar />
      <main id="content" tabIndex={-1}>
        <PhotosOfPeople>{children}</PhotosOfPeople>
      </main>
      <Said />
    </div>
  );
}
