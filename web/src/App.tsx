// Which page is shown: first whether the house is set up and who is at the door, then what the address says.
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, type ReactNode } from 'react';
import { isStatus } from './api/client';
import { sessionQuery, statusQuery } from './api/queries';
import type { Session } from './api/types';
import { Frame } from './frame/Frame';
import { SessionContext } from './frame/session';
import { sessionLost, setSignedIn, wasSignedIn } from './door/lost';
import { navigate, usePath } from './router/location';
import { routeOf, type Route } from './router/routes';
import { Boundary } from './ui/Boundary';
import { Blank, Failed, Loading } from './ui/states';
import { LinkButton } from './ui/Button';
import { useStore } from './ui/store';
import { useSetLanguage, useWords } from './words/context';

const CallsPage = lazy(() => import('./calls/CallsPage'));
const CalmPages = lazy(() => import('./calls/CalmPages'));
const CallPage = lazy(() => import('./call/CallPage'));
const SafekeepingPage = lazy(() => import('./calls/SafekeepingPage'));
const LivePage = lazy(() => import('./live/LivePage'));
const ImportPage = lazy(() => import('./imports/ImportPage'));
const NamesPage = lazy(() => import('./imports/NamesPage'));
const UnsurePage = lazy(() => import('./imports/UnsurePage'));
const AlbumsPage = lazy(() => import('./albums/AlbumsPage'));
const AlbumPage = lazy(() => import('./albums/AlbumPage'));
const HousePage = lazy(() => import('./house/HousePage'));
const RetentionPage = lazy(() => import('./house/RetentionPage'));
const ProgramsPage = lazy(() => import('./programs/ProgramsPage'));
const CheckPage = lazy(() => import('./house/CheckPage'));
const SecurityPage = lazy(() => import('./security/SecurityPage'));
const PeoplePage = lazy(() => import('./people/PeoplePage'));
const PersonPage = lazy(() => import('./people/PersonPage'));
const AccountsPage = lazy(() => import('./house/AccountsPage'));
const LogPage = lazy(() => import('./house/LogPage'));
const SettingsPage = lazy(() => import('./house/SettingsPage'));
const SetUpPage = lazy(() => import('./door/SetUpPage'));
const SignInPage = lazy(() => import('./door/SignInPage'));
const SignInAgain = lazy(() => import('./door/SignInAgain'));
const SharedPage = lazy(() => import('./shared/SharedPage'));

function Inside({ route, session }: { route: Route; session: Session }) {
  const words = useWords();
  const isCalm = session.account.face === 'calm';
  switch (route.page) {
    case 'calls':
      return isCalm ? <CalmPages page="listen" /> : <CallsPage />;
    case 'search':
      return isCalm ? <CalmPages page="search" /> : <CallsPage />;
    case 'kept':
      return <CalmPages page="kept" />;
    case 'call':
      return <CallPage key={route.call} call={route.call} />;
    case 'safekeeping':
      return <SafekeepingPage />;
    case 'live':
      return <LivePage />;
    case 'imports':
      return <ImportPage />;
    case 'unsure':
      return <UnsurePage />;
    case 'names':
      return <NamesPage />;
    case 'albums':
      return <AlbumsPage />;
    case 'album':
      return <AlbumPage key={route.album} album={route.album} />;
    case 'house':
      return <HousePage />;
    case 'retention':
      return <RetentionPage />;
    case 'programs':
      return <ProgramsPage />;
    case 'check':
      return <CheckPage />;
    case 'security':
      return <SecurityPage />;
    case 'people':
      return <PeoplePage />;
    case 'person':
      return <PersonPage key={route.person} person={route.person} />;
    case 'accounts':
      return <AccountsPage />;
    case 'log':
      return <LogPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return (
        <Blank
          isPage
          title={words.trouble.notFoundTitle}
          actions={<LinkButton href="/">{words.trouble.home}</LinkButton>}
        >
          {words.trouble.notFound}
        </Blank>
      );
  }
}

function Signed({ route }: { route: Route }) {
  const setLanguage = useSetLanguage();
  const isLost = useStore(sessionLost);
  const status = useQuery(statusQuery);
  const hasReason = useStore(wasSignedIn);
  const session = useQuery({ ...sessionQuery, enabled: hasReason && status.data?.is_set_up !== false });
  const language =
    session.data?.account.language ?? (localStorage.getItem('naklank.language') ? undefined : status.data?.language);
  useEffect(() => {
    if (language) setLanguage(language);
  }, [language, setLanguage]);
  useEffect(() => {
    if (isStatus(session.error, 401)) setSignedIn(false);
  }, [session.error]);
  useEffect(() => {
    if (status.data && !status.data.is_set_up && route.page !== 'set-up') navigate('/opzetten', { replace: true });
  }, [status.data, route.page]);

  if (route.page === 'set-up' && !session.data) return <SetUpPage />;
  if (session.data) {
    return (
      <SessionContext value={session.data}>
        <Frame session={session.data} page={route.page}>
          <Part>
            <Inside route={route} session={session.data} />
          </Part>
        </Frame>
        {isLost && (
          <Suspense>
            <SignInAgain name={session.data.account.name} />
          </Suspense>
        )}
      </SessionContext>
    );
  }
  if (isStatus(session.error, 401) || (!hasReason && status.data)) return <SignInPage />;
  const { error, refetch } = session.error ? session : status;
  if (error)
    return (
      <main className="alone">
        <Failed
          isPage
          error={error}
          onRetry={() => {
            void refetch();
          }}
        />
      </main>
    );
  return <Loading />;
}

function Part({ children }: { children: ReactNode }) {
  return (
    <Boundary>
      <Suspense fallback={<Loading />}>{children}</Suspense>
    </Boundary>
  );
}

export function App() {
  const route = routeOf(usePath());
  if (route.page === 'shared')
    return (
      <Part>
        <SharedPage key={route.secret} secret={route.secret} />
      </Part>
    );
  return (
    <Part>
      <Signed route={route} />
    </Part>
  );
}
