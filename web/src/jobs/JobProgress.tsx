// How far long work is, and how to stop it.
import { Label, ProgressBar } from 'react-aria-components';
import type { Job } from '../api/types';
import { useLater } from '../words/later';
import { Button } from '../ui/Button';

export function JobProgress({ job, label, onStop }: { job: Job; label: string; onStop: () => void }) {
  const { jobs } = useLater();
  return (
    <div className="job">
      <ProgressBar className="progress" value={job.done} maxValue={Math.max(1, job.total)} valueLabel={label}>
        {({ percentage }) => (
          <>
            <Label className="unseen">{jobs.progress}</Label>
            <span className="progress-track">
              <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
            </span>
            <span className="progress-text">{label}</span>
          </>
        )}
      </ProgressBar>
      <Button onPress={onStop}>{jobs.stop}</Button>
    </div>
  );
}
