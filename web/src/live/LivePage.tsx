// The calls that run now. They come and go by themselves, as the server tells. In the calm face nothing moves.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { liveQuery } from '../api/queries';
import type { LiveCall } from '../api/types';
import { useIsCalm } from '../frame/session';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { useLater } from '../words/later';
import { levelsWanted } from './connection';
import { listenIn, type Hearing } from './listenIn';
import { LiveCard } from './LiveCard';

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export default function LivePage() {
  const { live: words } = useLater();
  const isCalm = useIsCalm();
  const live = useQuery(liveQuery);
  const { heard, hearing, listen, stop } = useListening(live.data);
  useEffect(() => {
    if (isCalm || isStill()) return undefined;
    levelsWanted.set(true);
    return () => levelsWanted.set(false);
  }, [isCalm]);
  // A call that ended while it was heard stays until that is said.
  const calls = live.data ?? [];
  const shown = heard && !calls.some((call) => call.id === heard.id) ? [heard, ...calls] : calls;
  return (
    <div className="page">
      <PageTitle title={words.title}>{words.title}</PageTitle>
      {live.isPending ? (
        <Loading />
      ) : live.isError && !live.data ? (
        <Failed
          error={live.error}
          onRetry={() => {
            void live.refetch();
          }}
        />
      ) : shown.length === 0 ? (
        <Blank title={words.none}>{words.empty}</Blank>
      ) : (
        <>
          <p className="lead">{words.intro}</p>
          <ul className="live-calls" aria-label={words.title}>
            {shown.map((call) => (
              <LiveCard
                key={call.id}
                call={call}
                hearing={heard?.id === call.id ? hearing : null}
                onListen={() => listen(call)}
                onStop={stop}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

// One call at a time is listened to; leaving the page ends it.
function useListening(calls: readonly LiveCall[] | undefined) {
  const [heard, setHeard] = useState<LiveCall | null>(null);
  const [hearing, setHearing] = useState<Hearing | null>(null);
  const end = useRef<() => void>(undefined);
  useEffect(() => () => end.current?.(), []);
  const stop = () => {
    end.current?.();
    end.current = undefined;
    setHeard(null);
    setHearing(null);
  };
  const listen = (call: LiveCall) => {
    stop();
    setHeard(call);
    end.current = listenIn(call.id, setHearing);
  };
  const now = heard && (calls?.find((call) => call.id === heard.id) ?? heard);
  return { heard: now, hearing, listen, stop };
}
