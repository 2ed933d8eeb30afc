// A page's heading. It names the window's title, and takes the focus when one page makes way for another, so that
// a screen reader hears where it is.
import { useEffect, useRef, type ReactNode } from 'react';
import { isFirstPage } from '../router/location';

export function PageTitle({ children, title, aside }: { children: ReactNode; title: string; aside?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Naklank`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {aside && <div className="page-aside">{aside}</div>}
    </header>
  );
}
