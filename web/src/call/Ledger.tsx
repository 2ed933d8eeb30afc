// Whether all of a call is there, in plain words; and for who wants to know, how it is known.
import { useMemo, useState } from 'react';
import { Disclosure, DisclosurePanel, Heading, Link } from 'react-aria-components';
import type { CallDetails } from '../api/types';
import { callPath } from '../router/routes';
import type { Player } from '../sound/player';
import { Button } from '../ui/Button';
import { clockTime, timeCode } from '../words/dates';
import { useWords } from '../words/context';
import { cutSentences, gapSentences, voiceName, voiceSentences } from '../words/ledger';
import { nameOf } from '../words/calls';
import { useLater } from '../words/later';

const fewGaps = 5;

export function Ledger({
  call,
  player,
  canHear,
  isCalm,
}: {
  call: CallDetails;
  player: Player;
  canHear: boolean;
  isCalm: boolean;
}) {
  const words = useWords();
  const [showsAll, setShowsAll] = useState(false);
  const gaps = useMemo(() => gapSentences(words, call), [words, call]);
  const voices = useMemo(() => voiceSentences(words, call), [words, call]);
  const cuts = useMemo(() => cutSentences(words, call), [words, call]);
  const shown = showsAll ? gaps : gaps.slice(0, fewGaps);
  const causes = [...new Set(gaps.map((gap) => gap.cause))];
  return (
    <section className="ledger" aria-labelledby="ledger-title">
      <h2 id="ledger-title">{words.call.ledger}</h2>
      {cuts.map((sentence) => (
        <p key={sentence} className="cut-off">
          <strong>{sentence}</strong>
        </p>
      ))}
      {voices.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {gaps.length === 0 && cuts.length === 0 && <p className="hint">{words.call.everything}</p>}
      {gaps.length > 0 && !isCalm && (
        <ul className="legend" aria-hidden>
          {causes.map((cause) => (
            <li key={cause}>
              <span className={`swatch gap-${cause}`} />
              {words.gapKinds[cause]}
            </li>
          ))}
        </ul>
      )}
      {gaps.length > 0 && (
        <ol className="plain-list gap-list" aria-label={words.call.gapList}>
          {shown.map((gap, i) => (
            <li key={i}>
              {canHear ? (
                <Button look="quiet" className="gap-button" onPress={() => player.seek(gap.at_ms - 2000)}>
                  {gap.text}
                </Button>
              ) : (
                gap.text
              )}
            </li>
          ))}
        </ol>
      )}
      {gaps.length > fewGaps && (
        <Button look="quiet" onPress={() => setShowsAll(!showsAll)}>
          {showsAll ? words.call.fewerGaps : words.call.allGaps(gaps.length)}
        </Button>
      )}
      {!isCalm && <Particulars call={call} />}
    </section>
  );
}

function Particulars({ call }: { call: CallDetails }) {
  const words = useWords();
  const { oddities } = useLater();
  const number = new Intl.NumberFormat(words.locale);
  const at = new Date(call.started);
  const facts: [string, string][] = [
    [words.call.started, clockTime(words, at)],
    [words.call.ended, words.endings[call.ending] ?? call.ending],
    [words.call.door, words.doors[call.door]],
    [words.call.basis, words.bases[call.basis]],
    ...call.tracks.map((track): [string, string] => [
      voiceName(words, call, track),
      `${track.codec}, ${words.call.packets(number.format(track.packets.received))}`,
    ]),
    [words.call.recording, call.id],
  ];
  return (
    <Disclosure className="disclosure">
      <Heading>
        <Button slot="trigger" look="quiet">
          {words.call.technical}
        </Button>
      </Heading>
      <DisclosurePanel>
        <dl className="fact-list">
          {facts.map(([name, value]) => (
            <div key={name + value}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {call.sha256 && (
            <div>
              <dt>{words.call.sha}</dt>
              <dd className="hash">{call.sha256}</dd>
            </div>
          )}
        </dl>
        {call.oddities.length > 0 && (
          <>
            <h3>{words.call.oddities}</h3>
            <ul className="plain-list">
              {call.oddities.map((oddity) => (
                <li key={oddity.name}>
                  {oddities[oddity.name] ?? oddity.name}
                  {oddity.count > 1 && <span className="hint"> ({words.call.times(oddity.count)})</span>}
                </li>
              ))}
            </ul>
          </>
        )}
        {call.events.length > 0 && (
          <>
            <h3>{words.call.events}</h3>
            <ol className="plain-list">
              {call.events.map((event, i) => (
                <li key={i}>
                  <span className="hint">{timeCode(event.at_ms)}</span>{' '}
                  {[
                    event.party != null ? nameOf(words, call.parties[event.party]) : '',
                    words.events[event.what] ?? event.what,
                    event.detail ?? '',
                  ]
                    .filter(Boolean)
                    .join(' – ')}
                </li>
              ))}
            </ol>
          </>
        )}
        {call.conversation && call.conversation.length > 0 && (
          <>
            <h3>{words.call.conversation}</h3>
            <ul className="plain-list">
              {call.conversation.map((id) => (
                <li key={id}>
                  <Link href={callPath(id)}>{id}</Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
