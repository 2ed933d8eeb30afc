// Whether the session ended while somebody was at work: then the window asks to sign in over the page, and nothing
// that was typed on the page is touched.
import { makeStore } from '../ui/store';

export const sessionLost = makeStore(false);

// Whether somebody was signed in here before. Without that the server need not be asked who it is: it is nobody.
const keptUnder = 'naklank.was-here';
const readKept = () => {
  try {
    return localStorage.getItem(keptUnder) !== null;
  } catch {
    return true;
  }
};
export const wasSignedIn = makeStore(typeof localStorage === 'undefined' ? false : readKept());
export function setSignedIn(isIn: boolean) {
  if (isIn) localStorage.setItem(keptUnder, '1');
  else localStorage.removeItem(keptUnder);
  wasSignedIn.set(isIn);
}
