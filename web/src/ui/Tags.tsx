import type { ReactNode } from 'react';

// A small word beside something: a tag, a purpose, a state.
export function Tag({ children, look = 'plain' }: { children: ReactNode; look?: 'plain' | 'soft' | 'kept' }) {
  return <span className={`tag tag-${look}`}>{children}</span>;
}

// The colour of a person, the same everywhere; with their first letters, so that colour is never alone.
export function Face({
  name,
  color = 10,
  size = 'small',
}: {
  name: string;
  color?: number | undefined;
  size?: 'small' | 'large';
}) {
  const letters = /^[+\d]/.test(name)
    ? '#'
    : name
        .split(/\s+/)
        .filter((part) => /^\p{Lu}/u.test(part))
        .map((part) => part[0])
        .slice(0, 2)
        .join('') || name.slice(0, 1).toUpperCase();
  return (
    <span className={`face face-${size} voice-${color}`} aria-hidden>
      <span>{letters}</span>
    </span>
  );
}
