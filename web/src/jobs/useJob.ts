// Long work on the server: begun, followed by what the server tells, or asked after each second when it tells nothing.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { jobQuery, jobsQuery } from '../api/queries';
import type { Job, NewJob } from '../api/types';
import { eventsOpen } from '../live/connection';
import { useStore } from '../ui/store';

const askMs = 1_000;
const askWhenToldMs = 10_000; // an event may have been missed

export function useJob(first: Job | null = null) {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const isTold = useStore(eventsOpen);
  const shown = id ?? first?.id ?? '';
  const query = useQuery({
    ...jobQuery(shown),
    enabled: shown !== '',
    ...(first?.id === shown && { initialData: first }),
    refetchInterval: ({ state }) =>
      state.data && state.data.state !== 'running' ? false : isTold ? askWhenToldMs : askMs,
  });
  const begin = useMutation({
    mutationFn: (body: NewJob) => ask(api.POST('/jobs', { body })),
    onSuccess: (job) => {
      // An event may have come before the answer: it knows more.
      client.setQueryData(jobQuery(job.id).queryKey, (old) => old ?? job);
      setId(job.id);
      void client.invalidateQueries({ queryKey: jobsQuery.queryKey });
    },
  });
  const stop = useMutation({
    mutationFn: () => ask(api.DELETE('/jobs/{job}', { params: { path: { job: shown } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: jobQuery(shown).queryKey }),
  });
  return { job: shown ? query.data : undefined, begin, stop, forget: () => setId(null) };
}

const aCallInside = /[0-9]{8}T[0-9]{6}Z-[0-9a-z]{6}/;

// The calls that a job's sentences speak of.
export const callsOf = (problems: readonly string[] = []): Set<string> =>
  new Set(problems.flatMap((problem) => aCallInside.exec(problem)?.[0] ?? []));
