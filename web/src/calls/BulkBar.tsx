// What can be done to the calls that were chosen, as one piece of work that the server does. Those that failed stay
// chosen, as far as the server says which they are.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { Form } from 'react-aria-components';
import { refreshLists } from '../api/patchCalls';
import type { Call, Job, NewJob } from '../api/types';
import { useSafekeepingDays } from '../call/useKeeping';
import { JobProgress } from '../jobs/JobProgress';
import { callsOf, useJob } from '../jobs/useJob';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

const most = 10_000;
type Wish = Omit<NewJob, 'kind' | 'calls'>;

interface Props {
  calls: Call[];
  onLeft: (left: readonly Call[]) => void;
  isSafekeeping?: boolean;
}

export default function BulkBar({ calls, onLeft, isSafekeeping = false }: Props) {
  const words = useWords();
  const { jobs } = useLater();
  const client = useQueryClient();
  const [wish, setWish] = useState<Wish | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const { job, begin, stop, forget } = useJob();
  const isOn = begin.isPending || (wish !== null && job?.state === 'running');
  const start = (wanted: Wish) => {
    if (isOn || calls.length > most) return;
    setWish(wanted);
    begin.mutate({ kind: 'change', calls: calls.map((call) => call.id), ...wanted }, { onError: () => setWish(null) });
  };

  const onEnd = useEffectEvent((ended: Job) => {
    if (!wish) return;
    const failed = callsOf(ended.problems);
    const left = ended.failed === 0 ? [] : calls.filter((call) => failed.size === 0 || failed.has(call.id));
    const n = ended.done - ended.failed;
    if (ended.state === 'stopped') say(jobs.stopped);
    else if (ended.failed > 0) say(words.calls.tagFailed(ended.failed));
    else if (wish.add_tag) say(words.calls.tagAdded(wish.add_tag, n));
    else say((wish.remove ? jobs.removed : wish.restore ? jobs.restored : jobs.changed)(n));
    setWish(null);
    forget();
    onLeft(ended.state === 'stopped' ? calls : left);
    void refreshLists(client);
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'tags' || queryKey[0] === 'call' });
  });
  useEffect(() => {
    if (job && job.state !== 'running') onEnd(job);
  }, [job]);

  const number = new Intl.NumberFormat(words.locale);
  return (
    <div className="bulk" role="region" aria-label={words.calls.selected(calls.length)}>
      <p role="status">{words.calls.selected(calls.length)}</p>
      {isOn && job ? (
        <JobProgress
          job={job}
          label={jobs.working(number.format(job.done), number.format(job.total))}
          onStop={() => stop.mutate()}
        />
      ) : (
        <div className="bulk-actions">
          {isSafekeeping ? (
            <Button look="first" isPending={isOn} onPress={() => start({ restore: true })}>
              {jobs.restore}
            </Button>
          ) : (
            <>
              <AddTag isPending={isOn} onAdd={(add_tag) => start({ add_tag })} />
              <Button isPending={isOn} onPress={() => start({ is_kept: true })}>
                {jobs.keep}
              </Button>
              <Button isPending={isOn} onPress={() => start({ is_kept: false })}>
                {jobs.unkeep}
              </Button>
              <Button look="danger" isPending={isOn} onPress={() => setIsAsking(true)}>
                {jobs.remove}
              </Button>
            </>
          )}
          <Button look="quiet" onPress={() => onLeft([])}>
            {words.calls.unselect}
          </Button>
        </div>
      )}
      {calls.length > most && <p className="field-error">{jobs.tooMany}</p>}
      <Trouble error={begin.error} />
      {isAsking && (
        <AskRemove
          n={calls.length}
          onClose={() => setIsAsking(false)}
          onYes={() => {
            setIsAsking(false);
            start({ remove: true });
          }}
        />
      )}
    </div>
  );
}

function AddTag({ isPending, onAdd }: { isPending: boolean; onAdd: (tag: string) => void }) {
  const words = useWords();
  const [tag, setTag] = useState('');
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (tag.trim()) onAdd(tag.trim());
      }}
    >
      <Field label={words.calls.newTag} value={tag} onChange={setTag} maxLength={100} className="field-inline" />
      <Button type="submit" look="first" isDisabled={!tag.trim()} isPending={isPending}>
        {words.calls.addTag}
      </Button>
    </Form>
  );
}

function AskRemove({ n, onYes, onClose }: { n: number; onYes: () => void; onClose: () => void }) {
  const words = useWords();
  const { jobs, keeping } = useLater();
  const days = useSafekeepingDays();
  return (
    <DialogBox title={jobs.removeTitle(n)} isOpen onClose={onClose}>
      <p>{keeping.removeHint(days)}</p>
      <Actions>
        <Button look="danger" onPress={onYes}>
          {jobs.remove}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}
