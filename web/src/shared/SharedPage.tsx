// What a stranger with a link sees: who shares, until when, and one large button. To be heard, not to be taken along.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Form } from 'react-aria-components';
import { ApiError, base, isType } from '../api/client';
import { sharedPeaksQuery, sharedQuery, statusQuery } from '../api/queries';
import type { Shared } from '../api/types';
import { Listening } from '../call/Listening';
import { useKeys } from '../call/useKeys';
import { Door } from '../door/Door';
import { voicesOf } from '../lanes/voices';
import { pointsFor } from '../sound/silence';
import { usePlayer } from '../sound/usePlayer';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { useNow } from '../ui/useNow';
import { nameOf } from '../words/calls';
import { dayInWords, lengthInWords, list, shortDay, whenPart } from '../words/dates';
import { useWords } from '../words/context';

export default function SharedPage({ secret }: { secret: string }) {
  const words = useWords();
  const [word, setWord] = useState('');
  const shared = useQuery(sharedQuery(secret, word));
  useQuery(statusQuery);
  if (shared.data)
    return (
      <Door size="wide">
        <SharedCall secret={secret} shared={shared.data} />
      </Door>
    );
  if (shared.isPending && !word)
    return (
      <Door>
        <Loading />
      </Door>
    );
  if (word || isType(shared.error, 'word-wanted'))
    return (
      <Door>
        <AskWord
          isAsking={shared.isFetching}
          isWrong={Boolean(word) && shared.error instanceof ApiError}
          onWord={setWord}
        />
      </Door>
    );
  if (shared.error instanceof ApiError && shared.error.status < 500) {
    return (
      <Door>
        <PageTitle title={words.shared.goneTitle}>{words.shared.goneTitle}</PageTitle>
        <p className="lead">{words.shared.gone}</p>
      </Door>
    );
  }
  return (
    <Door>
      <Failed
        isPage
        error={shared.error}
        onRetry={() => {
          void shared.refetch();
        }}
      />
    </Door>
  );
}

function AskWord({
  isAsking,
  isWrong,
  onWord,
}: {
  isAsking: boolean;
  isWrong: boolean;
  onWord: (word: string) => void;
}) {
  const words = useWords();
  const [text, setText] = useState('');
  return (
    <>
      <PageTitle title={words.shared.wordTitle}>{words.shared.wordTitle}</PageTitle>
      <p className="lead">{words.shared.wordIntro}</p>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) onWord(text.trim());
        }}
      >
        <Field
          label={words.shared.word}
          value={text}
          onChange={setText}
          maxLength={200}
          autoComplete="off"
          autoFocus
          error={isWrong && !isAsking ? words.shared.wordWrong : undefined}
        />
        <Button type="submit" look="first" className="wide" isPending={isAsking}>
          {words.shared.open}
        </Button>
      </Form>
    </>
  );
}

function SharedCall({ secret, shared }: { secret: string; shared: Shared }) {
  const words = useWords();
  const now = useNow();
  const player = usePlayer({ duration_ms: shared.duration_ms, isGentle: true });
  const peaks = useQuery(sharedPeaksQuery(secret, shared.ticket, pointsFor(shared.duration_ms)));
  const voices = useMemo(() => voicesOf(words, shared), [words, shared]);
  useKeys(
    (action) => {
      if (action === 'toggle') player.toggle();
      if (action === 'back') player.move(-15_000);
      if (action === 'forward') player.move(15_000);
    },
    { letters: false },
  );
  const at = new Date(shared.started);
  const names = list(
    words,
    shared.parties.map((party) => nameOf(words, party)),
  );
  const length = lengthInWords(words, shared.duration_ms);
  const src = `${base}/shared/${encodeURIComponent(secret)}/audio?ticket=${encodeURIComponent(shared.ticket)}`;
  const title = words.shared.title(shared.by);
  if (shared.parties.length === 0) return <Blank title={title}>{words.call.noSound}</Blank>;
  return (
    <div className="page-shared">
      <PageTitle title={title}>{title}</PageTitle>
      <p className="shared-call">
        <strong>{names}</strong>
        <br />
        {whenPart(words, at, now)}, {length}
      </p>
      <Listening
        player={player}
        src={src}
        voices={voices}
        duration_ms={shared.duration_ms}
        peaks={peaks.data}
        hasPeaksFailed={peaks.isError}
        isCalm
        playLabel={words.calm.listenTo(names, length, shortDay(words, at, now))}
      />
      <p>
        {words.shared.for(shared.recipient)}. {words.shared.until(dayInWords(words, new Date(shared.ends_at), now))}
      </p>
      <p className="hint">{words.shared.seen}</p>
    </div>
  );
}
