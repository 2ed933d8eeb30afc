import { useLater } from '../words/later';
import type { PasskeyError } from './passkey';

export function PasskeyTrouble({ error }: { error: PasskeyError }) {
  const { security } = useLater();
  return (
    <p className="trouble" role="alert">
      {error.why === 'place' ? security.passkeyPlace : security.passkeyRefused}
    </p>
  );
}
