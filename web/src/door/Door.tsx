// The page in front of the house: for signing in, setting up, and strangers with a link. Its language can be chosen
// by whoever stands there; how it looks cannot yet, so it looks calm.
import { useEffect, type ReactNode } from 'react';
import type { Language } from '../api/types';
import { Logo } from '../frame/Frame';
import { OfflineBar } from '../frame/OfflineBar';
import { Button } from '../ui/Button';
import { catalogues } from '../words/catalogues';
import { useSetLanguage, useWords } from '../words/context';

export function Door({ children, size = 'narrow' }: { children: ReactNode; size?: 'narrow' | 'wide' }) {
  const words = useWords();
  const setLanguage = useSetLanguage();
  useEffect(() => {
    document.documentElement.dataset['face'] = 'calm';
  }, []);
  const other: Language = words.code === 'nl' ? 'en' : 'nl';
  return (
    <div className={`door door-${size}`}>
      <OfflineBar />
      <header className="door-head">
        <span className="brand">
          <Logo />
          <span>Naklank</span>
        </span>
        <Button look="quiet" onPress={() => setLanguage(other)}>
          <span lang={other}>{catalogues[other].languageName}</span>
        </Button>
      </header>
      <main id="content">{children}</main>
    </div>
  );
}
