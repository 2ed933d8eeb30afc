// What is around every page: where one is, where one can go, and whether there is a connection.
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-aria-components';
import type { Session } from '../api/types';
import type { Route } from '../router/routes';
import { Said } from '../ui/said';
import { useWords } from '../words/context';
import { OfflineBar } from './OfflineBar';
import { SignOut } from './SignOut';
import { hasRole } from './session';

interface Place {
  path: string;
  name: string;
  pages: Route['page'][];
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

  const calm: Place[] = [
    { path: '/', name: words.nav.listen, pages: ['calls', 'call'] },
    { path: '/mensen', name: words.nav.people, pages: ['people', 'person'] },
    { path: '/zoeken', name: words.nav.search, pages: ['search'] },
    { path: '/bewaard', name: words.nav.kept, pages: ['kept'] },
  ];
  const full: Place[] = [
    { path: '/', name: words.nav.calls, pages: ['calls', 'call', 'search', 'kept'] },
    { path: '/mensen', name: words.nav.people, pages: ['people', 'person'] },
    ...(hasRole(session, 'owner', 'admin')
      ? [{ path: '/accounts', name: words.nav.accounts, pages: ['accounts'] as Route['page'][] }]
      : []),
    { path: '/logboek', name: words.nav.log, pages: ['log'] },
  ];
  const settings: Place = {
    path: '/instellingen',
    name: words.nav.settings,
    pages: isCalm ? ['settings', 'accounts', 'log'] : ['settings'],
  };
  const link = (place: Place) => (
    <li key={place.path}>
      <Link href={place.path} className="nav-link" aria-current={place.pages.includes(page) ? 'page' : undefined}>
        {place.name}
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
        {children}
      </main>
      <Said />
    </div>
  );
}
