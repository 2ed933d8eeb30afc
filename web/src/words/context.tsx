// Which language the window speaks now, and its words.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Language } from '../api/types';
import { catalogues } from './catalogues';
import { nl, type Words } from './nl';

interface Speaking {
  words: Words;
  setLanguage: (language: Language) => void;
}
const SpeakingContext = createContext<Speaking>({ words: nl, setLanguage: () => undefined });

const keptUnder = 'naklank.language';

// Before anybody is known: what was spoken here last, else what the browser asks for.
export function firstLanguage(kept: string | null, browser: string): Language {
  if (kept === 'nl' || kept === 'en') return kept;
  return browser.startsWith('en') ? 'en' : 'nl';
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() =>
    firstLanguage(localStorage.getItem(keptUnder), navigator.language),
  );
  useEffect(() => {
    document.documentElement.lang = language;
    localStorage.setItem(keptUnder, language);
  }, [language]);
  const speaking = useMemo(() => ({ words: catalogues[language], setLanguage }), [language]);
  return (
    <SpeakingContext value={speaking}>
      <I18nProvider locale={catalogues[language].locale}>{children}</I18nProvider>
    </SpeakingContext>
  );
}

export const useWords = () => useContext(SpeakingContext).words;
export const useSetLanguage = () => useContext(SpeakingContext).setLanguage;
