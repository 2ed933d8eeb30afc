// What can be done to the calls that were chosen: a tag on all of them. One request a call, a few at a time; those
// that failed stay chosen, so that nothing is lost track of.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { columnsOf, patchCalls } from '../api/patchCalls';
import type { Call } from '../api/types';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { useWords } from '../words/context';

const atOnce = 4;

export default function BulkBar({ calls, onLeft }: { calls: Call[]; onLeft: (left: Call[]) => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [tag, setTag] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const failed: Call[] = [];
      const changed = new Map<string, Partial<Call>>();
      const waiting = [...calls];
      const work = async () => {
        for (let call = waiting.shift(); call; call = waiting.shift()) {
          const tags = [...new Set([...call.tags, tag.trim()])];
          const asked = ask(api.PATCH('/calls/{call}', { params: { path: { call: call.id } }, body: { tags } }));
          await asked.then(
            (answer) => changed.set(answer.id, columnsOf(answer)),
            () => failed.push(call!),
          );
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      return { failed, changed };
    },
    onSuccess: ({ failed, changed }) => {
      say(failed.length > 0 ? words.calls.tagFailed(failed.length) : words.calls.tagAdded(tag.trim(), calls.length));
      if (failed.length === 0) setTag('');
      onLeft(failed);
      patchCalls(client, changed);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'tags' || queryKey[0] === 'call' });
    },
  });
  return (
    <div className="bulk" role="region" aria-label={words.calls.selected(calls.length)}>
      <p role="status">{words.calls.selected(calls.length)}</p>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!add.isPending && tag.trim()) add.mutate();
        }}
      >
        <Field label={words.calls.newTag} value={tag} onChange={setTag} maxLength={100} className="field-inline" />
        <Button type="submit" look="first" isDisabled={!tag.trim()} isPending={add.isPending}>
          {words.calls.addTag}
        </Button>
        <Button look="quiet" onPress={() => onLeft([])}>
          {words.calls.unselect}
        </Button>
      </Form>
    </div>
  );
}
