// What becomes of this call, in plain words: that it goes, that it was removed and can be had back, that it is held.
import type { CallDetails } from '../api/types';
import { useIsCalm } from '../frame/session';
import { Button } from '../ui/Button';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { list, momentInWords, onDay, shortDay } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { useRestore } from './useKeeping';

export function Keeping({ call }: { call: CallDetails }) {
  if (call.removed_at) return <Removed call={call} />;
  if (call.is_held) return <Held call={call} />;
  return <Fate call={call} />;
}

function Removed({ call }: { call: CallDetails }) {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm();
  const now = useNow();
  const restore = useRestore(call.id);
  const until = call.deleted_at ? shortDay(words, new Date(call.deleted_at), now) : '';
  return (
    <section className="fate fate-removed" aria-label={keeping.fate}>
      <p>{(isCalm ? keeping.inBin : keeping.inSafe)(until)}</p>
      {call.may.includes('remove') && (
        <Button
          look="first"
          isPending={restore.isPending}
          onPress={() => restore.mutate(undefined, { onSuccess: () => say(keeping.restored) })}
        >
          {keeping.restore}
        </Button>
      )}
      <Trouble error={restore.error} />
    </section>
  );
}

function Held({ call }: { call: CallDetails }) {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm();
  const now = useNow();
  if (isCalm) return <p className="fate">{keeping.heldCalm}</p>;
  return (
    <section className="fate" aria-label={keeping.fate}>
      <p>
        <strong>{keeping.heldTitle}</strong>
      </p>
      {call.hold && (
        <>
          <p>{call.hold.reason}</p>
          <p className="hint">
            {keeping.heldBy(call.hold.by, momentInWords(words, new Date(call.hold.at), now))}{' '}
            {call.hold.released_by.length > 0 && keeping.said(list(words, [...call.hold.released_by]))}
          </p>
        </>
      )}
    </section>
  );
}

function Fate({ call }: { call: CallDetails }) {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm() && call.may.includes('keep');
  const now = useNow();
  if (!call.goes_at || call.is_kept) return null;
  return (
    <p className="fate fate-goes">
      {(isCalm ? keeping.goesCalm : keeping.goes)(onDay(words, new Date(call.goes_at), now))}
    </p>
  );
}
