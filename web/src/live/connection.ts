// Whether the server tells what happens, and how loud the voices are of calls that run: for whoever wants to know.
import { makeStore } from '../ui/store';

export const eventsOpen = makeStore(false);
export const levelsWanted = makeStore(false);
export type Levels = Readonly<Record<string, readonly number[]>>;
export const levels = makeStore<Levels>({});
