// One call: who and when in words, its lanes, what people noted, and whether all of it is there.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useCallback, useMemo, useRef, useState } from 'react';
import { base } from '../api/client';
import { callQuery, peaksQuery } from '../api/queries';
import type { CallDetails } from '../api/types';
import { useSession } from '../frame/session';
import { voicesOf } from '../lanes/voices';
import { pointsFor } from '../sound/silence';
import { usePlayer } from '../sound/usePlayer';
import { useSearch } from '../router/location';
import { Button } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading } from '../ui/states';
import { useNow } from '../ui/useNow';
import { callInWords, othersInWords, ourSideInWords, whenInWords } from '../words/calls';
import { lengthInWords, shortDay } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { bursts, told } from '../words/ledger';
import { Albums } from './Albums';
import { Brought } from './Brought';
import { CallActions } from './CallActions';
import { Facts } from './Facts';
import { Keeping } from './Keeping';
import { KeysPressed } from './KeysPressed';
import { Ledger } from './Ledger';
import { Listening } from './Listening';
import { Notes, type NotesHandle } from './Notes';
import { Talk } from './Talk';
import { useKeys, type KeyAction } from './useKeys';

const KeysDialog = lazy(() => import('./KeysDialog'));

export default function CallPage({ call }: { call: string }) {
  const query = useQuery(callQuery(call));
  if (query.data) return <CallView call={query.data} />;
  return query.isPending ? (
    <Loading />
  ) : (
    <Failed
      isPage
      error={query.error}
      onRetry={() => {
        void query.refetch();
      }}
    />
  );
}

function CallView({ call }: { call: CallDetails }) {
  const words = useWords();
  const { keeping } = useLater();
  const now = useNow();
  const { account } = useSession();
  const isCalm = account.face === 'calm';
  const canHear = call.has_sound && call.may.includes('hear');
  const player = usePlayer({ duration_ms: call.duration_ms, isGentle: isCalm });
  const fromAddress = Number(new URLSearchParams(useSearch()).get('t'));
  const [isStarted, setIsStarted] = useState(false);
  if (!isStarted) {
    setIsStarted(true);
    if (fromAddress > 0) player.seek(fromAddress * 1000);
  }
  const peaks = useQuery({ ...peaksQuery(call.id, pointsFor(call.duration_ms)), enabled: canHear });
  const client = useQueryClient();
  const askAgain = useCallback(() => {
    void client.invalidateQueries({ queryKey: callQuery(call.id).queryKey });
  }, [client, call.id]);
  const notes = useRef<NotesHandle>(null);
  const [showsKeys, setShowsKeys] = useState(false);

  const marks = useMemo(
    () =>
      call.note_list
        .filter((note) => note.at_ms !== undefined)
        .map((note) => ({ id: note.id, at_ms: note.at_ms!, text: note.text }))
        .sort((a, b) => a.at_ms - b.at_ms),
    [call.note_list],
  );
  const gaps = useMemo(
    () => call.tracks.flatMap((track) => bursts(track.gaps.filter((gap) => told.includes(gap.cause)))),
    [call.tracks],
  );
  const voices = useMemo(() => voicesOf(words, call), [words, call]);

  useKeys(
    (action: KeyAction) => {
      if (action === 'help') return setShowsKeys(true);
      if (!canHear) return undefined;
      const { at_ms, skipsSilence } = player.snapshot();
      switch (action) {
        case 'toggle':
          return player.toggle();
        case 'back':
          return player.move(-15_000);
        case 'forward':
          return player.move(15_000);
        case 'beginning':
          return player.seek(0);
        case 'next-mark':
          return player.seek(marks.find((mark) => mark.at_ms > at_ms + 500)?.at_ms ?? at_ms);
        case 'previous-mark':
          return player.seek(marks.findLast((mark) => mark.at_ms < at_ms - 1500)?.at_ms ?? 0);
        case 'note':
          return notes.current?.noteAt(at_ms);
        case 'slower':
          return player.step(-1);
        case 'faster':
          return player.step(1);
        case 'silence':
          return player.setSkipsSilence(!skipsSilence);
      }
    },
    { letters: !isCalm },
  );

  const notHeardThere = [
    isCalm ? keeping.binNotHeard : keeping.safeNotHeard,
    call.may.includes('remove') ? keeping.haveBackToHear : '',
  ].join(' ');
  const who = othersInWords(words, call, account.numbers);
  const side = ourSideInWords(words, call, account.numbers);
  const playLabel = words.calm.listenTo(
    who,
    lengthInWords(words, call.duration_ms),
    shortDay(words, new Date(call.started), now),
  );
  return (
    <div className="page page-call">
      <PageTitle title={callInWords(words, call, account.numbers, now)}>{who}</PageTitle>
      <p className="lead call-lead">
        {whenInWords(words, call, now)}
        {side && <span className="call-lead-side"> · {side}</span>}
      </p>
      <Keeping call={call} />
      {canHear ? (
        <Listening
          player={player}
          src={`${base}/calls/${call.id}/audio`}
          voices={voices}
          duration_ms={call.duration_ms}
          peaks={peaks.data}
          hasPeaksFailed={peaks.isError}
          marks={marks}
          gaps={gaps}
          isCalm={isCalm}
          playLabel={playLabel}
          onFailed={askAgain}
        />
      ) : (
        <p className="not-heard">
          {!call.has_sound ? words.call.noSound : call.removed_at ? notHeardThere : words.call.notHeard}
        </p>
      )}
      <CallActions call={call} who={who} />
      <Talk call={call} />
      {call.is_unsure && call.brought && <Brought call={call} />}
      <div className="call-columns">
        <Notes ref={notes} call={call} player={player} isCalm={isCalm} />
        <div className="call-facts">
          {!call.is_unsure && call.brought && <Brought call={call} />}
          <Facts call={call} />
          <Albums call={call} />
        </div>
      </div>
      <KeysPressed call={call} player={player} canHear={canHear} />
      <Ledger call={call} player={player} canHear={canHear} isCalm={isCalm} />
      {!isCalm && (
        <p className="keys-button">
          <Button look="quiet" onPress={() => setShowsKeys(true)}>
            {words.call.keys} <kbd>?</kbd>
          </Button>
        </p>
      )}
      {showsKeys && (
        <Suspense>
          <KeysDialog onClose={() => setShowsKeys(false)} />
        </Suspense>
      )}
    </div>
  );
}
