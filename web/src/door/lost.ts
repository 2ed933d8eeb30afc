// Whether the session ended while somebody was at work: then the window asks to sign in over the page, and nothing
// that was typed on the page is touched.
import { makeStore } from '../ui/store';

export const sessionLost = makeStore(false);
