// Who is signed in, for every page inside the frame.
import { createContext, useContext } from 'react';
import type { Album, HouseMay, Role, Session } from '../api/types';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a page of the frame outside the frame');
  return session;
}

export const hasRole = (session: Session, ...roles: Role[]) =>
  session.account.roles.some((role) => roles.includes(role));
// What the house lets the account do.
export const mayHouse = (session: Session, what: HouseMay) => session.may.includes(what);
export const isHome = (session: Session) => session.for_whom === 'home';
// Libraries are for companies: a home has none.
export const mayMake = (session: Session, kind: Album['kind']) =>
  mayHouse(session, kind) && !(kind === 'library' && isHome(session));
// Who may give numbers a name; the server decides, this only leaves out buttons that would be refused.
export const mayName = (session: Session) => hasRole(session, 'owner', 'manager', 'trainer', 'family');
// Who may bring recordings that they have.
export const mayBring = (session: Session) => hasRole(session, 'owner', 'manager', 'trainer', 'employee', 'family');
export const useIsCalm = () => useContext(SessionContext)?.account.face === 'calm';
