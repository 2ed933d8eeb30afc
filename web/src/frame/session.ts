// Who is signed in, for every page inside the frame.
import { createContext, useContext } from 'react';
import type { Role, Session } from '../api/types';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a page of the frame outside the frame');
  return session;
}

export const hasRole = (session: Session, ...roles: Role[]) => session.account.roles.some((role) => roles.includes(role));
export const useIsCalm = () => useContext(SessionContext)?.account.face === 'calm';
