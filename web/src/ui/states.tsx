// The states a page can be in without its content: empty, loading, failed, offline, not there.
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { ApiError, OfflineError } from '../api/client';
import { useWords } from '../words/context';
import type { Words } from '../words/nl';
import { Button, LinkButton } from './Button';
import { PageTitle } from './PageTitle';

// Rings that fade outwards: what lingers after the voice has stopped.
export function Rings() {
  return (
    <svg className="rings" viewBox="0 0 120 120" aria-hidden>
      <circle cx="60" cy="60" r="8" />
      <circle cx="60" cy="60" r="24" />
      <circle cx="60" cy="60" r="40" />
      <circle cx="60" cy="60" r="56" />
    </svg>
  );
}

// `isPage`: there is no other heading on the page.
export function Blank({
  title,
  children,
  actions,
  isPage = false,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  isPage?: boolean;
}) {
  return (
    <div className="blank">
      <Rings />
      {isPage ? <PageTitle title={title}>{title}</PageTitle> : <h2>{title}</h2>}
      {children && <p>{children}</p>}
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}

export function Loading() {
  const words = useWords();
  return (
    <p className="loading" role="status">
      {words.common.loading}
    </p>
  );
}

const againMs = 5_000; // who is offline need not press anything

export function Failed({ error, onRetry, isPage = false }: { error: unknown; onRetry?: () => void; isPage?: boolean }) {
  const words = useWords();
  const isOffline = error instanceof OfflineError;
  const retry = useEffectEvent(() => onRetry?.());
  useEffect(() => {
    if (!isOffline) return undefined;
    const timer = setInterval(retry, againMs);
    return () => clearInterval(timer);
  }, [isOffline]);
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 403);
  const again = onRetry && (
    <Button look="first" onPress={onRetry}>
      {words.common.retry}
    </Button>
  );
  if (isGone)
    return (
      <Blank
        isPage={isPage}
        title={words.trouble.notFoundTitle}
        actions={<LinkButton href="/">{words.trouble.home}</LinkButton>}
      >
        {words.trouble.notFound}
      </Blank>
    );
  if (isOffline)
    return (
      <Blank isPage={isPage} title={words.trouble.offlineTitle} actions={again}>
        {words.trouble.offline}
      </Blank>
    );
  return (
    <Blank isPage={isPage} title={words.trouble.failedTitle} actions={again}>
      {sentenceOf(words, error, words.trouble.failed)}
    </Blank>
  );
}

// The server's own sentences are English; each type of problem that people meet has one of ours in either language.
export function sentenceOf(words: Words, error: unknown, otherwise: string): string {
  if (!(error instanceof ApiError)) return otherwise;
  return words.problems[error.type] ?? (words.code === 'en' && error.problem.detail ? error.problem.detail : otherwise);
}

// Below a form whose sending failed: what was typed is still there, and this says so.
export function Trouble({ error }: { error: unknown }) {
  const words = useWords();
  if (!error) return null;
  let text = sentenceOf(words, error, words.trouble.notSaved);
  if (error instanceof OfflineError) text = words.trouble.offlineBar;
  else if (error instanceof ApiError && error.status === 401 && !words.problems[error.type]) text = words.door.lost;
  else if (error instanceof ApiError && error.retryAfterSeconds)
    text = words.trouble.tooManyTries(error.retryAfterSeconds);
  else if (error instanceof ApiError && error.status === 403 && !words.problems[error.type])
    text = words.trouble.notAllowed;
  return (
    <p className="trouble" role="alert">
      {text}
    </p>
  );
}

// What is wrong with one field, if the server says so; its sentence is English.
export function fieldError(words: Words, error: unknown, field: string): string | undefined {
  const said = error instanceof ApiError ? error.problem.fields?.[field] : undefined;
  return said === undefined || words.code === 'en' ? said : words.common.refusedField;
}
