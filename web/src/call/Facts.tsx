// What a call was recorded for, and the words people put on it.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { tagsQuery } from '../api/queries';
import { purposes, type CallDetails } from '../api/types';
import { isHome, useSession } from '../frame/session';
import { Button } from '../ui/Button';
import { Pick } from '../ui/Pick';
import { Field } from '../ui/Field';
import { Trouble } from '../ui/states';
import { Tag } from '../ui/Tags';
import { useWords } from '../words/context';
import { useChangeCall } from './changeCall';

const suggestedMost = 6;

export function Facts({ call }: { call: CallDetails }) {
  const words = useWords();
  const change = useChangeCall(call.id);
  const canEdit = call.may.includes('edit');
  // Training is for companies: at home whoever chose it could not choose anything else again.
  const isAtHome = isHome(useSession());
  const offered = purposes.filter((id) => id !== 'training' || id === call.purpose || !isAtHome);
  return (
    <section className="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">{words.call.facts}</h2>
      {canEdit ? (
        <Pick
          label={words.call.purpose}
          value={call.purpose}
          onChange={(purpose) => change.mutate({ purpose })}
          options={offered.map((id) => ({ id, name: words.purposes[id] }))}
        />
      ) : (
        <dl className="fact-list">
          <div>
            <dt>{words.call.purpose}</dt>
            <dd>{words.purposes[call.purpose]}</dd>
          </div>
        </dl>
      )}
      <h3>{words.call.tags}</h3>
      {call.tags.length === 0 && <p className="hint">{words.call.noTags}</p>}
      <ul className="chips">
        {call.tags.map((tag) => (
          <li key={tag}>
            {canEdit ? (
              <Button
                className="chip"
                aria-label={words.call.removeTag(tag)}
                onPress={() => change.mutate({ tags: call.tags.filter((t) => t !== tag) })}
              >
                {tag}
                <span aria-hidden>×</span>
              </Button>
            ) : (
              <Tag>{tag}</Tag>
            )}
          </li>
        ))}
      </ul>
      {canEdit && (
        <AddTag
          call={call}
          onAdd={(tag) => change.mutateAsync({ tags: [...new Set([...call.tags, tag])] })}
          isPending={change.isPending}
        />
      )}
      <Trouble error={change.error} />
    </section>
  );
}

function AddTag({
  call,
  onAdd,
  isPending,
}: {
  call: CallDetails;
  onAdd: (tag: string) => Promise<unknown>;
  isPending: boolean;
}) {
  const words = useWords();
  const [tag, setTag] = useState('');
  const known = useQuery(tagsQuery);
  const typed = tag.trim().toLocaleLowerCase(words.locale);
  const suggested = (known.data ?? [])
    .filter((t) => !call.tags.includes(t.tag) && t.tag.toLocaleLowerCase(words.locale).includes(typed))
    .sort((a, b) => b.calls - a.calls)
    .slice(0, suggestedMost);
  // The field is emptied only once the server has the tag.
  const add = (text: string) => {
    onAdd(text).then(
      () => setTag(''),
      () => undefined,
    );
  };
  return (
    <Form
      className="add-tag"
      onSubmit={(event) => {
        event.preventDefault();
        if (tag.trim()) add(tag.trim());
      }}
    >
      <Field label={words.call.addTag} value={tag} onChange={setTag} maxLength={100} className="field-grow" />
      <Button type="submit" isDisabled={!tag.trim()} isPending={isPending}>
        {words.common.add}
      </Button>
      {suggested.length > 0 && (
        <ul className="chips suggested">
          {suggested.map((t) => (
            <li key={t.tag}>
              <Button className="chip chip-add" onPress={() => add(t.tag)}>
                <span aria-hidden>+</span>
                {t.tag}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Form>
  );
}
