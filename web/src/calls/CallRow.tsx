// One call in the list: in the full face a row of a table, in the calm one a large sentence. Many come into sight with
// each turn of a wheel, so they are made of the browser's own links and boxes, which cost least.
import { Fragment, memo, type CSSProperties, type Ref } from 'react';
import type { Call } from '../api/types';
import { useIsCalm, useSession } from '../frame/session';
import { followLink } from '../router/location';
import { callPath } from '../router/routes';
import { Face, Tag } from '../ui/Tags';
import { useNow } from '../ui/useNow';
import { nameOf, others, othersInWords, ourSideInWords } from '../words/calls';
import { fateInWords } from '../words/keeping';
import { clockTime, lengthInWords, partOfDay, shortDay, timeCode } from '../words/dates';
import { useWords } from '../words/context';
import type { Words } from '../words/nl';
import type { Selection } from './CallList';

interface Props {
  call: Call;
  index: number;
  rowIndex: number;
  rowCount: number;
  style: CSSProperties;
  isUnderDay?: boolean;
  selection?: Selection | undefined;
  ref: Ref<HTMLDivElement>;
}

// What is to be said of a call besides who, when and how long.
function remarks(words: Words, call: Call): string[] {
  return [
    call.kind === 'message' ? words.calls.message : '',
    !call.answered ? words.calls.notAnswered : '',
    call.is_cut_off ? words.calls.cutOff : '',
    !call.is_heard && call.has_sound && !call.removed_at ? words.calls.notYours : '', // what was removed is heard by nobody
    call.notes > 0 ? words.calls.notes(call.notes) : '',
  ].filter(Boolean);
}

// It was answered, and nothing of it can be heard.
const isEmpty = (call: Call) => call.answered && (!call.has_sound || call.duration_ms === 0);

export function callHeadings(words: Words, isSelectable: boolean) {
  return (
    <div role="rowgroup" className="calls-head">
      <div role="row" className={`call-row ${isSelectable ? 'is-selectable' : ''}`}>
        {isSelectable && (
          <span role="columnheader">
            <span className="unseen">{words.calls.selected(0)}</span>
          </span>
        )}
        <span role="columnheader">{words.calls.when}</span>
        <span role="columnheader">{words.calls.who}</span>
        <span role="columnheader" className="call-length">
          {words.calls.length}
        </span>
        <span role="columnheader" className="call-tags">
          {words.calls.about}
        </span>
      </div>
    </div>
  );
}

export const CallRow = memo(function CallRow(props: Props) {
  return useIsCalm() ? <CalmRow {...props} /> : <FullRow {...props} />;
});

function FullRow({ call, index, rowIndex, style, selection, ref }: Props) {
  const words = useWords();
  const mine = useSession().account.numbers;
  const who = othersInWords(words, call, mine);
  const at = new Date(call.started);
  const first = others(call, mine)[0];
  const now = useNow();
  const said = [ourSideInWords(words, call, mine), ...remarks(words, call), fateInWords(words, call, now)];
  const isSelected = selection?.ids.has(call.id) ?? false;
  return (
    <div
      ref={ref}
      data-index={index}
      style={style}
      role="row"
      aria-rowindex={rowIndex}
      className={`call-row ${selection ? 'is-selectable' : ''} ${isSelected ? 'is-selected' : ''}`}
    >
      {selection && (
        <span role="cell" className="call-check">
          <input
            type="checkbox"
            className="row-check"
            checked={isSelected}
            onChange={() => selection.toggle(call)}
            aria-label={words.calls.select(`${who}, ${clockTime(words, at)}`)}
          />
        </span>
      )}
      <span role="cell" className="call-when">
        <time dateTime={call.started}>{clockTime(words, at)}</time>
      </span>
      <span role="cell" className="call-who">
        <Face name={nameOf(words, first)} color={first?.color} person={first?.person} />
        <span className="call-names">
          <a href={callPath(call.id)} onClick={followLink} className="call-link">
            {who}
          </a>
          <span className="call-side">{said.filter(Boolean).join(' · ')}</span>
        </span>
      </span>
      <span role="cell" className="call-length">
        {call.answered ? (
          <>
            <span className="unseen">{lengthInWords(words, call.duration_ms)}</span>
            <span aria-hidden>{timeCode(call.duration_ms)}</span>
          </>
        ) : (
          '–'
        )}
      </span>
      <span role="cell" className="call-tags">
        {isEmpty(call) && <Tag look="warn">{words.calls.noSound}</Tag>}
        {call.is_held && <Tag look="kept">{words.calls.held}</Tag>}
        {call.is_kept && <Tag look="kept">{words.calls.kept}</Tag>}
        <Tag look="soft">{words.purposes[call.purpose]}</Tag>
        {call.tags.slice(0, 3).map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
        {call.tags.length > 3 && <Tag>+{call.tags.length - 3}</Tag>}
      </span>
    </div>
  );
}

export function CalmRow({ call, index, rowIndex, rowCount, style, isUnderDay, ref }: Props) {
  const words = useWords();
  const mine = useSession().account.numbers;
  const now = useNow();
  const who = othersInWords(words, call, mine);
  const at = new Date(call.started);
  const first = others(call, mine)[0];
  const facts = [
    isUnderDay ? `${partOfDay(words, at)} ${words.time.at(clockTime(words, at))}` : partOfDay(words, at),
    call.answered ? lengthInWords(words, call.duration_ms) : '',
    isEmpty(call) ? words.calls.noSound : '',
    call.is_kept ? words.calls.kept : '',
    ...remarks(words, call),
    fateInWords(words, call, now, true),
  ];
  const said = [isUnderDay ? '' : shortDay(words, at, now), ...facts].filter(Boolean);
  return (
    <div
      ref={ref}
      data-index={index}
      style={style}
      role="listitem"
      aria-setsize={rowCount}
      aria-posinset={rowIndex}
      className="calm-row"
    >
      <a href={callPath(call.id)} onClick={followLink} className="calm-call">
        <Face name={nameOf(words, first)} color={first?.color} person={first?.person} size="large" />
        <span className="calm-words">
          <span className="calm-who">{who}</span>
          <span className="calm-when">
            {said.map((fact, i) => (
              <Fragment key={fact}>
                <span className="fact">
                  {fact}
                  {i < said.length - 1 && ','}
                </span>{' '}
              </Fragment>
            ))}
          </span>
        </span>
      </a>
    </div>
  );
}
