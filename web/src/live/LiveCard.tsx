// One call that runs: who, since when, how loud each voice is, and listening in. Stop is where listening in was.
import type { LiveCall } from '../api/types';
import { useIsCalm, useSession } from '../frame/session';
import { Button } from '../ui/Button';
import { Face } from '../ui/Tags';
import { useStore } from '../ui/store';
import { nameOf, others, othersInWords, ourSideInWords } from '../words/calls';
import { clockTime } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { eventsOpen, levels } from './connection';
import type { Hearing } from './listenIn';

interface Props {
  call: LiveCall;
  hearing: Hearing | null;
  onListen: () => void;
  onStop: () => void;
}

export function LiveCard({ call, hearing, onListen, onStop }: Props) {
  const words = useWords();
  const { live: said } = useLater();
  const isCalm = useIsCalm();
  const mine = useSession().account.numbers;
  const who = othersInWords(words, call, mine);
  const first = others(call, mine)[0];
  const isHeard = hearing === 'coming' || hearing === 'on';
  const facts = [
    ourSideInWords(words, call, mine),
    call.answered ? said.talking : said.ringing,
    said.since(clockTime(words, new Date(call.started))),
    isCalm ? '' : words.purposes[call.purpose],
  ];
  return (
    <li className={`live-call ${isHeard ? 'is-heard' : ''}`}>
      <div className="live-head">
        <Face name={nameOf(words, first)} color={first?.color} person={first?.person} size="large" />
        <div className="live-words">
          <h2>{who}</h2>
          <p className="hint">{facts.filter(Boolean).join(' · ')}</p>
        </div>
        {call.may_listen && (
          <Button
            look={isHeard ? 'plain' : 'first'}
            className={`live-listen ${isHeard ? 'is-on' : ''}`}
            aria-label={isHeard ? said.stop : said.listen(who)}
            onPress={isHeard ? onStop : onListen}
          >
            {isHeard ? said.stop : said.listenShort}
          </Button>
        )}
      </div>
      {!isCalm && <Meters call={call} />}
      {call.is_paused && <p className="live-paused">{said.paused}</p>}
      <div role="status" className="live-said">
        {hearing === 'coming' && <p>{said.coming}</p>}
        {hearing === 'on' && <p className="live-heard">{said.isWrittenDown}</p>}
        {hearing === 'over' && <p>{said.over}</p>}
      </div>
      {hearing === 'failed' && (
        <p className="trouble" role="alert">
          {said.failed}
        </p>
      )}
      {!isHeard && <p className="hint">{call.may_listen ? said.writtenDown : said.mayNot}</p>}
    </li>
  );
}

const nothing: readonly number[] = [];
const steep = 1.4; // the scale is an ear's: a murmur is otherwise as long as a voice

function Meters({ call }: { call: LiveCall }) {
  const words = useWords();
  const isOpen = useStore(eventsOpen);
  const known = useStore(levels)[call.id] ?? nothing;
  if (!isOpen || known.length === 0) return null;
  return (
    <div className="meters" aria-hidden>
      {call.parties.slice(0, known.length).map((party, i) => (
        <div key={i} className={`meter voice-${party.color ?? i % 12}`}>
          <span className="meter-name">{nameOf(words, party)}</span>
          <span className="meter-track">
            <span className="meter-fill" style={{ width: `${100 * ((known[i] ?? 0) / 255) ** steep}%` }} />
          </span>
        </div>
      ))}
    </div>
  );
}
