// The keys that were pressed during the call, each a place to go to.
import { useMemo } from 'react';
import type { CallDetails } from '../api/types';
import type { Player } from '../sound/player';
import { Button } from '../ui/Button';
import { timeCode } from '../words/dates';
import { useWords } from '../words/context';
import { pressesOf } from '../words/keysPressed';
import { useLater } from '../words/later';

export function KeysPressed({ call, player, canHear }: { call: CallDetails; player: Player; canHear: boolean }) {
  const words = useWords();
  const { keysPressed } = useLater();
  const presses = useMemo(() => pressesOf(words, call), [words, call]);
  if (presses.length === 0) return null;
  return (
    <section className="keys-pressed" aria-labelledby="keys-pressed-title">
      <h2 id="keys-pressed-title">{keysPressed.title}</h2>
      <ol className="plain-list gap-list">
        {presses.map(({ at_ms, who, keys }, i) => {
          const text = keysPressed.go(timeCode(at_ms), keysPressed.pressed(who, keys));
          return (
            <li key={i}>
              {canHear ? (
                <Button look="quiet" className="gap-button" onPress={() => player.seek(at_ms - 1000)}>
                  {text}
                </Button>
              ) : (
                text
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
