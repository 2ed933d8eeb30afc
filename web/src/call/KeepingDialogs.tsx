// The questions before a call is let go, held, or released: each says beforehand what it means.
import { Form } from 'react-aria-components';
import type { CallDetails } from '../api/types';
import { useIsCalm, useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { list } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { useHold, useRelease, useRemove, useSafekeepingDays } from './useKeeping';

interface Props {
  call: CallDetails;
  onClose: () => void;
}
export type KeepingDialog = 'remove' | 'hold' | 'release';

export default function KeepingDialogs({ which, ...props }: Props & { which: KeepingDialog }) {
  if (which === 'remove') return <Remove {...props} />;
  return which === 'hold' ? <Hold {...props} /> : <Release {...props} />;
}

function Remove({ call, onClose }: Props) {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm();
  const days = useSafekeepingDays();
  const remove = useRemove(call, days);
  return (
    <DialogBox title={isCalm ? keeping.throwTitle : keeping.removeTitle} isOpen onClose={onClose}>
      <p>{isCalm ? keeping.throwHint(days) : keeping.removeHint(days)}</p>
      <Trouble error={remove.error} />
      <Actions>
        <Button
          look="danger"
          isPending={remove.isPending}
          onPress={() =>
            remove.mutate(undefined, {
              onSuccess: () => {
                onClose();
                say(isCalm ? keeping.thrown(days) : keeping.removed(days));
              },
            })
          }
        >
          {isCalm ? keeping.throwAway : keeping.remove}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}

function Hold({ call, onClose }: Props) {
  const words = useWords();
  const { keeping } = useLater();
  const [draft, setDraft, forget] = useDraft(`hold.${call.id}`, { reason: '' });
  const hold = useHold(call.id);
  const close = () => {
    forget();
    onClose();
  };
  const submit = () => {
    if (hold.isPending || !draft.reason.trim()) return;
    hold.mutate(draft.reason.trim(), {
      onSuccess: () => {
        close();
        say(keeping.held);
      },
    });
  };
  return (
    <DialogBox title={keeping.holdTitle} isOpen onClose={close}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>{keeping.holdHint}</p>
        <Field
          label={keeping.reason}
          hint={keeping.reasonHint}
          rows={2}
          value={draft.reason}
          onChange={(reason) => setDraft({ reason })}
          maxLength={1000}
          autoFocus
          error={fieldError(words, hold.error, 'reason')}
        />
        <Trouble error={hold.error} />
        <Actions>
          <Button type="submit" look="first" isDisabled={!draft.reason.trim()} isPending={hold.isPending}>
            {keeping.hold}
          </Button>
          <Button onPress={close}>{words.common.cancel}</Button>
        </Actions>
      </Form>
    </DialogBox>
  );
}

function Release({ call, onClose }: Props) {
  const words = useWords();
  const { keeping } = useLater();
  const { account } = useSession();
  const release = useRelease(call.id);
  const said = call.hold?.released_by ?? [];
  const hasSaid = said.includes(account.name) || said.includes(account.id);
  return (
    <DialogBox title={keeping.releaseTitle} isOpen onClose={onClose}>
      <p>{keeping.releaseHint}</p>
      <p>
        <strong>
          {hasSaid ? keeping.youSaid : said.length > 0 ? keeping.said(list(words, [...said])) : keeping.nobodySaid}
        </strong>
      </p>
      <Trouble error={release.error} />
      <Actions>
        {!hasSaid && (
          <Button
            look="first"
            isPending={release.isPending}
            onPress={() =>
              release.mutate(undefined, {
                onSuccess: (now) => {
                  onClose();
                  say(now.is_held ? keeping.releaseNoted : keeping.released);
                },
              })
            }
          >
            {keeping.releaseSay}
          </Button>
        )}
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}
