// Of a call that was brought: what is known of it and where that was read, and what somebody can say.
import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { CallChange, CallDetails, Finding } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { Field } from '../ui/Field';
import { Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { useChangeCall } from './changeCall';

const told: readonly Finding['fact'][] = ['started', 'direction', 'name', 'number'];

export function Brought({ call }: { call: CallDetails }) {
  const { imports: said } = useLater();
  const brought = call.brought!;
  const [isOpen, setIsOpen] = useState(false);
  const canSay = call.may.includes('edit');
  const isUnsure = brought.unsure.length > 0;
  return (
    <section aria-labelledby="brought-title" className={isUnsure ? 'fate' : ''}>
      <h2 id="brought-title">{isUnsure ? said.doYouKnow : said.whence}</h2>
      {brought.unsure.map((what) => (
        <p key={what}>{said.unsure[what]}</p>
      ))}
      <Findings findings={brought.findings} />
      <p className="hint">{said.file(brought.name)}</p>
      {canSay && !isOpen && (
        <Actions>
          <Button look={isUnsure ? 'first' : 'plain'} onPress={() => setIsOpen(true)}>
            {isUnsure ? said.say : said.change}
          </Button>
        </Actions>
      )}
      {isOpen && <Say call={call} onClose={() => setIsOpen(false)} />}
    </section>
  );
}

// The first of each fact that counts; the server's order is that of who is believed within a source.
function Findings({ findings }: { findings: readonly Finding[] }) {
  const words = useWords();
  const { imports: said } = useLater();
  const now = useNow();
  const inWords = ({ fact, value }: Finding) =>
    fact === 'started'
      ? momentInWords(words, new Date(value), now)
      : fact === 'direction'
        ? (said.directions[value] ?? value)
        : value || said.nobody;
  const shown = told.flatMap((fact) => findings.filter((finding) => finding.fact === fact));
  if (shown.length === 0) return null;
  return (
    <dl className="fact-list">
      {shown.map((finding, i) => (
        <div key={i}>
          <dt>{said.facts[finding.fact]}</dt>
          <dd>
            {inWords(finding)}{' '}
            <span className="hint">
              {said.sources[finding.source]}
              {finding.remark && said.remarks[finding.remark] ? `; ${said.remarks[finding.remark]}` : ''}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

// The day and the time as a field of the browser has them, in the zone of who looks.
const localOf = (iso: string) => {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function Say({ call, onClose }: { call: CallDetails; onClose: () => void }) {
  const words = useWords();
  const { imports: said } = useLater();
  const change = useChangeCall(call.id);
  const other = call.parties.find((party) => !party.is_own);
  // A day that is not sure is not put into anybody's mouth.
  const isGuess = call.brought!.unsure.includes('when');
  const shownWhen = isGuess ? '' : localOf(call.started);
  const [when, setWhen] = useState(shownWhen);
  const [name, setName] = useState(other?.name ?? '');
  const [phone, setPhone] = useState(other?.number ?? '');
  const before = call.direction === 'in' || call.direction === 'out' ? call.direction : 'unknown';
  const [direction, setDirection] = useState<'in' | 'out' | 'unknown'>(before);
  const save = () => {
    // What was not touched nobody has said.
    const found: NonNullable<CallChange['found']> = {
      ...(name.trim() !== (other?.name ?? '') && { names: name.trim() ? [name.trim()] : [] }),
      ...(phone.trim() !== (other?.number ?? '') && { numbers: phone.trim() ? [phone.trim()] : [] }),
      ...(direction !== before && { direction }),
      ...(when && when !== shownWhen && { started: new Date(when).toISOString() }),
    };
    if (Object.keys(found).length === 0) onClose();
    else change.mutate({ found }, { onSuccess: onClose });
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!change.isPending) save();
      }}
    >
      <Field label={said.who} hint={said.whoHint} value={name} onChange={setName} maxLength={100} autoComplete="off" />
      <Field label={said.phone} value={phone} onChange={setPhone} maxLength={100} autoComplete="off" />
      <Field
        label={said.when}
        hint={isGuess ? said.whenHint : undefined}
        type="datetime-local"
        value={when}
        onChange={setWhen}
      />
      <Choice
        label={said.direction}
        look="row"
        value={direction}
        onChange={setDirection}
        options={(['in', 'out', 'unknown'] as const).map((id) => ({ id, name: said.directions[id]! }))}
      />
      <Trouble error={change.error} />
      <Actions>
        <Button type="submit" look="first" isPending={change.isPending}>
          {words.common.save}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </Form>
  );
}
