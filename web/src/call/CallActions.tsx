// What may be done with a call; what may not be done has no button.
import { Suspense, lazy, useState } from 'react';
import type { CallDetails } from '../api/types';
import { Button, Toggle } from '../ui/Button';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { useIsCalm } from '../frame/session';
import { useChangeCall } from './changeCall';
import type { KeepingDialog } from './KeepingDialogs';

const ShareDialog = lazy(() => import('./ShareDialog'));
const KeepingDialogs = lazy(() => import('./KeepingDialogs'));
const DownloadDialog = lazy(() => import('./DownloadDialog'));

export function CallActions({ call, who }: { call: CallDetails; who: string }) {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm();
  const [open, setOpen] = useState<'share' | 'download' | KeepingDialog | null>(null);
  const change = useChangeCall(call.id);
  const can = (action: CallDetails['may'][number]) => call.may.includes(action);
  const canRemove = can('remove') && !call.is_kept && !call.is_held && !call.removed_at;
  const canHold = !isCalm && can('hold') && !call.is_held && !call.removed_at;
  const canRelease = !isCalm && can('release') && call.is_held;
  if (!can('keep') && !can('share') && !can('download') && !canRemove && !canHold && !canRelease) return null;
  const close = () => setOpen(null);
  const keep = (is_kept: boolean) =>
    change.mutate({ is_kept }, { onSuccess: () => say(is_kept ? words.call.isKept : words.common.saved) });
  return (
    <section className="call-actions" aria-label={words.call.more}>
      <div className="actions">
        {can('keep') &&
          (isCalm ? (
            <>
              {call.is_kept && <p className="kept-line">{words.call.isKept}</p>}
              <Button isPending={change.isPending} onPress={() => keep(!call.is_kept)}>
                {call.is_kept ? words.call.letGo : words.call.keep}
              </Button>
            </>
          ) : (
            <Toggle isSelected={call.is_kept} isDisabled={change.isPending} onChange={keep}>
              {call.is_kept ? words.call.isKept : words.call.keep}
            </Toggle>
          ))}
        {can('share') && <Button onPress={() => setOpen('share')}>{words.call.share}</Button>}
        {can('download') && call.has_sound && (
          <Button onPress={() => setOpen('download')}>{words.call.download}</Button>
        )}
        {canHold && <Button onPress={() => setOpen('hold')}>{keeping.hold}</Button>}
        {canRelease && <Button onPress={() => setOpen('release')}>{keeping.release}</Button>}
        {canRemove && (
          <Button look="danger" onPress={() => setOpen('remove')}>
            {isCalm ? keeping.throwAway : keeping.remove}
          </Button>
        )}
      </div>
      {can('keep') && isCalm && <p className="hint">{words.call.keepHint}</p>}
      <Trouble error={change.error} />
      <Suspense>
        {open === 'share' && <ShareDialog call={call.id} who={who} onClose={close} />}
        {open === 'download' && <DownloadDialog call={call.id} onClose={close} />}
        {(open === 'remove' || open === 'hold' || open === 'release') && (
          <KeepingDialogs which={open} call={call} onClose={close} />
        )}
      </Suspense>
    </section>
  );
}
