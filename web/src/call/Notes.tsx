// What people noted, in the order of the call; each at its second a place to go to.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useImperativeHandle, useRef, useState, type Ref } from 'react';
import { api, ask } from '../api/client';
import { patchCalls } from '../api/patchCalls';
import { callQuery } from '../api/queries';
import type { CallDetails, Note } from '../api/types';
import type { Player } from '../sound/player';
import { Button } from '../ui/Button';
import { Trouble } from '../ui/states';
import { useNow } from '../ui/useNow';
import { momentInWords, timeCode } from '../words/dates';
import { useWords } from '../words/context';
import { EditNote, NewNote, type NewNoteHandle } from './NoteForm';

export interface NotesHandle {
  noteAt: (at_ms: number) => void;
}

export const inOrder = (notes: readonly Note[]) =>
  [...notes].sort((a, b) => (a.at_ms ?? -1) - (b.at_ms ?? -1) || a.made_at.localeCompare(b.made_at));

export function Notes({
  call,
  player,
  isCalm,
  ref,
}: {
  call: CallDetails;
  player: Player;
  isCalm: boolean;
  ref: Ref<NotesHandle>;
}) {
  const words = useWords();
  const form = useRef<NewNoteHandle>(null);
  useImperativeHandle(ref, () => ({ noteAt: (at_ms) => form.current?.noteAt(at_ms) }));
  const canNote = call.may.includes('note');
  if (!canNote && call.note_list.length === 0) return null;
  return (
    <section className="notes" aria-labelledby="notes-title">
      <h2 id="notes-title">{words.call.notes}</h2>
      {call.note_list.length === 0 && !isCalm && <p className="hint">{words.call.noNotes}</p>}
      <ol className="plain-list">
        {inOrder(call.note_list).map((note) => (
          <NoteRow key={note.id} call={call} note={note} player={player} />
        ))}
      </ol>
      {canNote && <NewNote ref={form} call={call} player={player} />}
    </section>
  );
}

function NoteRow({ call, note, player }: { call: CallDetails; note: Note; player: Player }) {
  const words = useWords();
  const now = useNow();
  const client = useQueryClient();
  const [isEdited, setIsEdited] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      ask(api.DELETE('/calls/{call}/notes/{note}', { params: { path: { call: call.id, note: note.id } } })),
    onSuccess: () => {
      client.setQueryData(
        callQuery(call.id).queryKey,
        (old) => old && { ...old, note_list: old.note_list.filter((n) => n.id !== note.id) },
      );
      patchCalls(client, new Map([[call.id, { notes: call.note_list.length - 1 }]]));
    },
  });
  const at = note.at_ms;
  return (
    <li className="note">
      <div className="note-place">
        {at === undefined ? (
          <span className="hint">{words.call.all}</span>
        ) : (
          <Button className="note-time" aria-label={words.call.jumpTo(timeCode(at))} onPress={() => player.seek(at)}>
            {timeCode(at)}
          </Button>
        )}
      </div>
      <div className="note-body">
        {isEdited ? (
          <EditNote call={call} note={note} onDone={() => setIsEdited(false)} />
        ) : (
          <>
            <p className="note-text">{note.text}</p>
            <p className="hint">
              {note.by}, {momentInWords(words, new Date(note.made_at), now)}
              {note.changed_at && `, ${words.call.changed}`}
            </p>
            {note.is_mine && (
              <div className="note-actions">
                <Button look="quiet" aria-label={words.call.editNote} onPress={() => setIsEdited(true)}>
                  {words.common.edit}
                </Button>
                <Button
                  look="quiet"
                  aria-label={words.call.removeNote}
                  isPending={remove.isPending}
                  onPress={() => remove.mutate()}
                >
                  {words.common.remove}
                </Button>
              </div>
            )}
            <Trouble error={remove.error} />
          </>
        )}
      </div>
    </li>
  );
}
