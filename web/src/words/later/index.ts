// The words of pages that are not loaded at the start, in the language that the window speaks.
import type { Language } from '../../api/types';
import { useWords } from '../context';
import { en } from './en';
import { nl, type Later } from './nl';

export type { Later };

export const later: Record<Language, Later> = { nl, en };
export const useLater = (): Later => later[useWords().code as Language];
