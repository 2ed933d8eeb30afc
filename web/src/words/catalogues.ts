// The languages the window speaks; a further one is one more file and one more line.
import type { Language } from '../api/types';
import { en } from './en';
import { nl, type Words } from './nl';

export const catalogues: Record<Language, Words> = { nl, en };
