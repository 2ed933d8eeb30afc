// Writing a note. What is typed is kept until the server has it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useImperativeHandle, useRef, type Ref } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { patchCalls } from '../api/patchCalls';
import { callQuery } from '../api/queries';
import type { CallDetails, Note } from '../api/types';
import type { Player } from '../sound/player';
import { usePlaying } from '../sound/usePlayer';
import { Actions, Button } from '../ui/Button';
import { Choice } from '../ui/Choice';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { timeCode } from '../words/dates';
import { useWords } from '../words/context';

export interface NewNoteHandle {
  noteAt: (at_ms: number) => void;
}
interface Draft {
  text: string;
  about: 'moment' | 'all' | '';
  at_ms: number | null;
}
const textMost = 10_000;

export function NewNote({ call, player, ref }: { call: CallDetails; player: Player; ref: Ref<NewNoteHandle> }) {
  const words = useWords();
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const [draft, setDraft, forget] = useDraft<Draft>(`note.${call.id}`, { text: '', about: '', at_ms: null });
  const second = usePlaying(player, (playing) => Math.floor(playing.at_ms / 1000) * 1000);
  // A note belongs to the second at which its first letter was typed; before that, to where the sound is.
  const at = draft.at_ms ?? second;
  const about = draft.about || (at > 0 ? 'moment' : 'all');

  useImperativeHandle(ref, () => ({
    noteAt(at_ms) {
      setDraft({ at_ms: Math.round(at_ms), about: 'moment' });
      box.current?.querySelector('textarea')?.focus();
    },
  }));
  const type = (text: string) =>
    setDraft(
      text === ''
        ? { text, at_ms: null }
        : draft.at_ms === null
          ? { text, at_ms: Math.round(player.snapshot().at_ms) }
          : { text },
    );

  const add = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/calls/{call}/notes', {
          params: { path: { call: call.id } },
          body: { text: draft.text.trim(), ...(about === 'moment' && { at_ms: at }) },
        }),
      ),
    onSuccess: (note) => {
      forget();
      say(words.common.saved);
      client.setQueryData(callQuery(call.id).queryKey, (old) => old && { ...old, note_list: [...old.note_list, note] });
      patchCalls(client, new Map([[call.id, { notes: call.note_list.length + 1 }]]));
    },
  });
  return (
    <Form
      className="form note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!add.isPending && draft.text.trim()) add.mutate();
      }}
    >
      <div ref={box}>
        <Field
          label={about === 'moment' ? words.call.noteAt(timeCode(at)) : words.call.noteAll}
          rows={3}
          value={draft.text}
          onChange={type}
          maxLength={textMost}
        />
      </div>
      <Choice
        label={words.call.aboutWhat}
        look="row"
        value={about}
        onChange={(choice) => setDraft({ about: choice })}
        options={[
          { id: 'moment', name: words.call.atThisSecond(timeCode(at)) },
          { id: 'all', name: words.call.aboutAll },
        ]}
      />
      <Trouble error={add.error} />
      <Actions>
        <Button type="submit" look="first" isDisabled={!draft.text.trim()} isPending={add.isPending}>
          {words.call.addNote}
        </Button>
        {draft.at_ms !== null && about === 'moment' && timeCode(second) !== timeCode(at) && (
          <Button look="quiet" onPress={() => setDraft({ at_ms: second })}>
            {words.call.useNow(timeCode(second))}
          </Button>
        )}
      </Actions>
    </Form>
  );
}

export function EditNote({ call, note, onDone }: { call: CallDetails; note: Note; onDone: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft(`note.${call.id}.${note.id}`, { text: note.text });
  const done = () => {
    forget();
    onDone();
  };
  const change = useMutation({
    mutationFn: () =>
      ask(
        api.PATCH('/calls/{call}/notes/{note}', {
          params: { path: { call: call.id, note: note.id } },
          body: { text: draft.text.trim(), ...(note.at_ms !== undefined && { at_ms: note.at_ms }) },
        }),
      ),
    onSuccess: (changed) => {
      client.setQueryData(
        callQuery(call.id).queryKey,
        (old) => old && { ...old, note_list: old.note_list.map((n) => (n.id === changed.id ? changed : n)) },
      );
      done();
    },
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!change.isPending && draft.text.trim()) change.mutate();
      }}
    >
      <Field
        label={words.call.note}
        rows={3}
        value={draft.text}
        onChange={(text) => setDraft({ text })}
        maxLength={textMost}
        autoFocus
      />
      <Trouble error={change.error} />
      <Actions>
        <Button type="submit" look="first" isDisabled={!draft.text.trim()} isPending={change.isPending}>
          {words.common.save}
        </Button>
        <Button look="quiet" onPress={done}>
          {words.common.cancel}
        </Button>
      </Actions>
    </Form>
  );
}
