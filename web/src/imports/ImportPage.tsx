// Bringing what one has: a folder of a telephone, dropped or chosen; how far it is, and in words what it came to.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState, type DragEvent } from 'react';
import { FileTrigger, Link } from 'react-aria-components';
import { importQuery, preparingQuery } from '../api/queries';
import { purposes, type Import, type Purpose } from '../api/types';
import { isHome, useSession } from '../frame/session';
import { eventsOpen } from '../live/connection';
import { useSearch } from '../router/location';
import { Actions, Button, LinkButton } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Pick } from '../ui/Pick';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useStore } from '../ui/store';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { Bar } from './Bar';
import { droppedOf, pickedOf, type Picked } from './pick';
import { sharedFiles, type Shared } from './shared';
import { Stopped, resultsOf, safeOf, sendAll, type Sending } from './send';

const askMs = 700;
const askWhenToldMs = 5_000;

export default function ImportPage() {
  const words = useWords();
  const { imports: said } = useLater();
  const session = useSession();
  const [purpose, setPurpose] = useState<Purpose>(isHome(session) ? 'memory' : 'wording');
  const [sending, setSending] = useState<Sending | null>(null);
  const [picked, setPicked] = useState<readonly Picked[]>([]);
  const [batch, setBatch] = useState<Import | null>(null);
  const [error, setError] = useState<unknown>(null);
  const hasFailedToShare = new URLSearchParams(useSearch()).get('gedeeld') === 'mislukt';
  const [shared, setShared] = useState<Shared | null>(null);
  useEffect(() => {
    sharedFiles().then(
      (found) => setShared(found.files.length > 0 ? found : null),
      () => undefined,
    );
  }, []);
  const stopper = useRef<AbortController | null>(null);
  useEffect(() => () => stopper.current?.abort(), []);
  useEffect(() => {
    if (!sending) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [sending]);

  const forgetShared = () => {
    void shared?.forget();
    setShared(null);
    say(said.leftShared);
  };
  // Only what the archive has, by its own word, goes from the telephone's waiting room.
  const forgetSent = () => {
    if (shared && picked === shared.files) {
      void shared.forget();
      setShared(null);
    }
  };
  const send = (files: readonly Picked[]) => {
    if (files.length === 0 || sending) return;
    const stop = new AbortController();
    stopper.current = stop;
    setError(null);
    setBatch(null);
    setPicked(files);
    sendAll(
      files,
      purpose,
      Intl.DateTimeFormat().resolvedOptions().timeZone,
      (now) => setSending({ ...now }),
      stop.signal,
    )
      .then(setBatch, (failed: unknown) => {
        if (!(failed instanceof Stopped)) setError(failed);
      })
      .finally(() => setSending(null));
  };
  const number = new Intl.NumberFormat(words.locale);
  const offered = purposes.filter((id) => id !== 'training' || !isHome(session));
  return (
    <div className="page page-settings">
      <PageTitle title={said.title}>{said.title}</PageTitle>
      <p className="lead">{said.intro}</p>
      {sending ? (
        <>
          <Bar
            part={sending.bytes === 0 ? 0 : sending.sent / sending.bytes}
            label={said.sending(number.format(sending.done), number.format(sending.files))}
          />
          {sending.isWaiting && <p className="trouble">{said.waiting}</p>}
          <Actions>
            <Button onPress={() => stopper.current?.abort()}>{said.stop}</Button>
          </Actions>
        </>
      ) : (
        <>
          <Pick
            label={words.call.purpose}
            value={purpose}
            onChange={setPurpose}
            options={offered.map((id) => ({ id, name: words.purposes[id] }))}
          />
          {shared && (
            <section className="fate" aria-labelledby="shared-title">
              <h2 id="shared-title">{said.shared(shared.files.length)}</h2>
              <p>{shared.files.map(({ path }) => path).join(', ')}</p>
              <Actions>
                <Button look="first" onPress={() => send(shared.files)}>
                  {said.keepShared}
                </Button>
                <Button onPress={forgetShared}>{said.leaveShared}</Button>
              </Actions>
            </section>
          )}
          <Drop onDrop={send} onError={setError} isFirst={!shared} />
        </>
      )}
      <p className="hint">
        <Link href="/bestandsnamen">{said.otherNames}</Link>
      </p>
      {hasFailedToShare && <p className="trouble">{said.notShared}</p>}
      <Trouble error={error} />
      <Preparing />
      {batch && <Outcome first={batch} picked={picked} onSafe={forgetSent} />}
    </div>
  );
}

// What was brought is safe, and can be heard; the waveforms and what browsers cannot play follow.
function Preparing() {
  const words = useWords();
  const { imports: said } = useLater();
  const { data } = useQuery(preparingQuery);
  if (!data || data.to_prepare === 0) return null;
  const minutes = Math.max(1, Math.round(data.prepared_in_ms / 60_000));
  return <p className="hint">{said.preparing(new Intl.NumberFormat(words.locale).format(data.to_prepare), minutes)}</p>;
}

function Drop({
  onDrop,
  onError,
  isFirst,
}: {
  onDrop: (files: readonly Picked[]) => void;
  onError: (error: unknown) => void;
  isFirst: boolean;
}) {
  const { imports: said } = useLater();
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    droppedOf(event.dataTransfer.items).then(onDrop, onError);
  };
  const take = (files: FileList | null) => onDrop(pickedOf(files ?? []));
  return (
    <div
      className={`drop ${isOver ? 'is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <p>{said.drop}</p>
      <Actions>
        <FileTrigger acceptDirectory onSelect={take}>
          <Button look={isFirst ? 'first' : 'plain'}>{said.chooseFolder}</Button>
        </FileTrigger>
        <FileTrigger allowsMultiple onSelect={take}>
          <Button>{said.chooseFiles}</Button>
        </FileTrigger>
      </Actions>
      <p className="hint">{said.hint}</p>
    </div>
  );
}

function Outcome({ first, picked, onSafe }: { first: Import; picked: readonly Picked[]; onSafe: () => void }) {
  const words = useWords();
  const { imports: said } = useLater();
  const client = useQueryClient();
  const isTold = useStore(eventsOpen);
  const query = useQuery({
    ...importQuery(first.id),
    initialData: first,
    refetchInterval: ({ state }) =>
      state.data?.state === 'done' || state.data?.state === 'stopped' ? false : isTold ? askWhenToldMs : askMs,
  });
  const batch = query.data;
  const isOver = batch.state === 'done' || batch.state === 'stopped';
  const [safe, setSafe] = useState<number | null>(null);
  const safeNow = useEffectEvent(onSafe);
  useEffect(() => {
    if (!isOver) return;
    void client.invalidateQueries({ queryKey: ['calls'] });
    void client.invalidateQueries({ queryKey: preparingQuery.queryKey });
    resultsOf(first.id)
      .then((results) => safeOf(picked, results))
      .then(
        (count) => {
          setSafe(count);
          if (batch.state === 'done' && batch.failed === 0 && (count ?? 0) >= batch.recordings + batch.known) safeNow();
        },
        () => undefined,
      );
  }, [isOver, client, first.id, picked]);
  const number = new Intl.NumberFormat(words.locale);
  if (!isOver)
    return (
      <Bar
        part={batch.total === 0 ? 0 : batch.done / batch.total}
        label={said.reading(number.format(batch.done), number.format(batch.total))}
      />
    );
  return (
    <section className="import-outcome" role="status">
      <h2>{said.calls(batch.recordings - batch.messages, batch.messages)}</h2>
      {batch.with.length > 0 && (
        <p>
          {said.with(
            batch.with.map(({ name, calls }) => said.one(number.format(calls), name)),
            batch.others,
          )}
        </p>
      )}
      {batch.known > 0 && <p>{said.known(batch.known)}</p>}
      {batch.people > 0 && <p>{said.people(batch.people)}</p>}
      {batch.enriched > 0 && <p>{said.enriched(batch.enriched)}</p>}
      {safe !== null && safe > 0 && <p className="good">{said.safe(number.format(safe))}</p>}
      {batch.left > 0 && <p className="hint">{said.left(batch.left)}</p>}
      {batch.failed > 0 && <p className="trouble">{said.failed(batch.failed)}</p>}
      {batch.problems.length > 0 && (
        <ul className="plain-list hint" lang="en">
          {batch.problems.slice(0, 20).map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <Actions>
        {batch.unsure > 0 && (
          <LinkButton look="first" href="/uitzoeken">
            {said.sortOut(batch.unsure)}
          </LinkButton>
        )}
        <LinkButton href="/">{words.trouble.home}</LinkButton>
      </Actions>
    </section>
  );
}
