// Checking the whole archive against its seals: begun here, followed while it runs, and what was found.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { jobsQuery } from '../api/queries';
import type { Job } from '../api/types';
import { JobProgress } from '../jobs/JobProgress';
import { callsOf, useJob } from '../jobs/useJob';
import { callPath } from '../router/routes';
import { Actions, Button } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading, Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

export default function CheckPage() {
  const { check: said } = useLater();
  const jobs = useQuery({ ...jobsQuery, staleTime: 0 });
  return (
    <div className="page page-settings">
      <PageTitle title={said.title}>{said.title}</PageTitle>
      <p className="lead">{said.intro}</p>
      {jobs.isPending ? (
        <Loading />
      ) : jobs.isError ? (
        <Failed
          error={jobs.error}
          onRetry={() => {
            void jobs.refetch();
          }}
        />
      ) : (
        <Check last={jobs.data.find((job) => job.kind === 'check') ?? null} />
      )}
    </div>
  );
}

function Check({ last }: { last: Job | null }) {
  const words = useWords();
  const { check: said } = useLater();
  const { job, begin, stop } = useJob(last);
  const number = new Intl.NumberFormat(words.locale);
  const isRunning = job?.state === 'running';
  return (
    <>
      {isRunning ? (
        <JobProgress
          job={job}
          label={said.running(number.format(job.done), number.format(job.total))}
          onStop={() => stop.mutate()}
        />
      ) : (
        <>
          {!job && <p className="hint">{said.never}</p>}
          <Actions>
            <Button look="first" isPending={begin.isPending} onPress={() => begin.mutate({ kind: 'check' })}>
              {job ? said.again : said.begin}
            </Button>
          </Actions>
        </>
      )}
      <Trouble error={begin.error ?? stop.error} />
      <div role="status">{job && !isRunning && <Outcome job={job} />}</div>
      {job?.problems && job.problems.length > 0 && <Problems problems={job.problems} failed={job.failed} />}
    </>
  );
}

function Outcome({ job }: { job: Job }) {
  const words = useWords();
  const { check: said } = useLater();
  const now = useNow();
  const number = new Intl.NumberFormat(words.locale);
  const [done, total] = [number.format(job.done), number.format(job.total)];
  return (
    <>
      <p className={job.failed > 0 ? 'trouble' : 'good'}>
        {job.failed > 0 ? said.bad(job.failed) : job.state === 'stopped' ? said.stopped(done, total) : said.good(total)}
      </p>
      {job.ended_at && <p className="hint">{said.ended(momentInWords(words, new Date(job.ended_at), now))}</p>}
    </>
  );
}

// The sentences are the server's own; a recording that one speaks of is a link.
function Problems({ problems, failed }: { problems: readonly string[]; failed: number }) {
  const { check: said } = useLater();
  return (
    <section>
      <h2>{said.problems}</h2>
      <ul className="plain-list" lang="en">
        {problems.map((problem, i) => {
          const [call] = callsOf([problem]);
          return <li key={i}>{call ? <Link href={callPath(call)}>{problem}</Link> : problem}</li>;
        })}
      </ul>
      {failed > problems.length && <p className="hint">{said.first}</p>}
    </section>
  );
}
