// How this house's recorders name their files: a template is written, and shows on the person's own names of files at
// once what it reads in them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { FileTrigger, Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { namePreviewQuery, nameTemplatesQuery } from '../api/queries';
import type { NameRead } from '../api/types';
import { mayName, useSession } from '../frame/session';
import { Actions, Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { PageTitle } from '../ui/PageTitle';
import { say } from '../ui/said';
import { Failed, Loading, Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { pickedOf } from './pick';

const usual = '{date}[_{direction}|][_{phone_number}|][_{contact_name}|]';
const namesMost = 50;

export default function NamesPage() {
  const { names: said } = useLater();
  const kept = useQuery(nameTemplatesQuery);
  return (
    <div className="page page-settings">
      <PageTitle title={said.title}>{said.title}</PageTitle>
      <p className="lead">{said.intro}</p>
      {kept.isPending ? (
        <Loading />
      ) : kept.isError ? (
        <Failed error={kept.error} onRetry={() => void kept.refetch()} />
      ) : (
        <Kept templates={kept.data.templates} />
      )}
    </div>
  );
}

function Kept({ templates }: { templates: readonly string[] }) {
  const { names: said } = useLater();
  const client = useQueryClient();
  const canChange = mayName(useSession());
  const change = useMutation({
    mutationFn: (all: string[]) => ask(api.PUT('/name-templates', { body: { templates: all } })),
    onSuccess: (now) => client.setQueryData(nameTemplatesQuery.queryKey, now),
  });
  return (
    <>
      {templates.length > 0 && (
        <ul className="plain-list names-kept">
          {templates.map((text) => (
            <li key={text}>
              <code className="path">{text}</code>
              {canChange && (
                <Button
                  look="quiet"
                  aria-label={said.removeOf(text)}
                  onPress={() =>
                    change.mutate(
                      templates.filter((one) => one !== text),
                      { onSuccess: () => say(said.removed) },
                    )
                  }
                >
                  {said.remove}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Trouble error={change.error} />
      {canChange && (
        <Teach
          isPending={change.isPending}
          onKeep={(text, then) =>
            change.mutate([...templates.filter((one) => one !== text), text], { onSuccess: then })
          }
        />
      )}
    </>
  );
}

function Teach({ isPending, onKeep }: { isPending: boolean; onKeep: (text: string, then: () => void) => void }) {
  const words = useWords();
  const { names: said } = useLater();
  const [text, setText] = useState(usual);
  const [sample, setSample] = useState('');
  const names = useDeferredValue(sample)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, namesMost);
  const asked = useDeferredValue(text.trim());
  const preview = useQuery({
    ...namePreviewQuery(asked, names),
    enabled: asked !== '',
    placeholderData: (before) => before,
  });
  const trouble = preview.data?.trouble ?? '';
  const take = (files: FileList | null) =>
    setSample(
      pickedOf(files ?? [])
        .map(({ path }) => path.slice(path.indexOf('/') + 1))
        .slice(0, namesMost)
        .join('\n'),
    );
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (asked && !trouble && !isPending) onKeep(asked, () => say(said.saved));
      }}
    >
      <Field label={said.files} hint={said.filesHint} rows={5} value={sample} onChange={setSample} />
      <Actions>
        <FileTrigger acceptDirectory onSelect={take}>
          <Button>{said.fromFolder}</Button>
        </FileTrigger>
      </Actions>
      <Field
        label={said.template}
        hint={said.templateHint}
        value={text}
        onChange={setText}
        maxLength={1000}
        autoComplete="off"
        spellCheck="false"
        error={trouble ? said.wrong(trouble) : undefined}
      />
      <Trouble error={preview.error} />
      {preview.data && names.length > 0 && !trouble && <Rows rows={preview.data.rows} />}
      <Actions>
        <Button type="submit" look="first" isPending={isPending}>
          {words.common.save}
        </Button>
      </Actions>
    </Form>
  );
}

function Rows({ rows }: { rows: readonly NameRead[] }) {
  const words = useWords();
  const { names: said, imports } = useLater();
  const now = useNow();
  const read = (row: NameRead) =>
    [
      row.started ? momentInWords(words, new Date(row.started), now) : '',
      ...(row.names ?? []),
      ...(row.numbers ?? []),
      row.direction && row.direction !== 'unknown' ? (imports.directions[row.direction] ?? '') : '',
    ]
      .filter(Boolean)
      .join(', ');
  return (
    <section>
      <h2 aria-live="polite">{said.readOf(rows.filter((row) => row.is_read).length, rows.length)}</h2>
      <dl className="fact-list">
        {rows.map((row) => (
          <div key={row.name}>
            <dt>{row.name}</dt>
            <dd>{row.is_read ? read(row) || said.nothing : <span className="hint">{said.notRead}</span>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
