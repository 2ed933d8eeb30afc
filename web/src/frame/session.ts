// Who is signed in, for every page inside the frame.
import { createContext, useContext } from 'react';
import type { HouseMay, Role, Session } from '../api/types';

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
// Who may give numbers a name; the server decides, this only leaves out buttons that would be refused.
export const mayName = (session: Session) => hasRole(session, 'owner', 'manager', 'trainer', 'family');
export const useIsCalm = () => useContext(SessionContext)?.account.face === 'calm';
