import { useState, type ReactNode } from 'react';
import { usePhoto } from './photos';

// A small word beside something: a tag, a purpose, a state.
export function Tag({ children, look = 'plain' }: { children: ReactNode; look?: 'plain' | 'soft' | 'kept' | 'warn' }) {
  return <span className={`tag tag-${look}`}>{children}</span>;
}

// The colour of a person, the same everywhere: around their photo, or with their first letters, so that colour is
// never alone.
export function Face({
  name,
  color = 10,
  person,
  size = 'small',
}: {
  name: string;
  color?: number | undefined;
  person?: string | undefined;
  size?: 'small' | 'large' | 'huge';
}) {
  const photo = usePhoto(person);
  const [broken, setBroken] = useState('');
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
      {photo && photo !== broken ? (
        <img src={photo} alt="" loading="lazy" onError={() => setBroken(photo)} />
      ) : (
        <span>{letters}</span>
      )}
    </span>
  );
}
