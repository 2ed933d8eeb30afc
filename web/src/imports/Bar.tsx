// How far something is, as a bar with words.
import { Label, ProgressBar } from 'react-aria-components';
import { useLater } from '../words/later';

export function Bar({ part, label }: { part: number; label: string }) {
  const { jobs } = useLater();
  return (
    <ProgressBar className="progress" value={part} maxValue={1} valueLabel={label}>
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
  );
}
