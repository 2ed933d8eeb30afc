// A person's name, numbers, photo and colour; for a new one and for one that is known. All of it is kept by Save, and
// nothing of it by Cancel.
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { Form, Label, Radio, RadioGroup } from 'react-aria-components';
import { api, ask } from '../api/client';
import { forgetNames, peopleQuery } from '../api/queries';
import type { NewPerson, Person } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { Field, linesOf } from '../ui/Field';
import { say } from '../ui/said';
import { Trouble, fieldError } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';
import { PhotoField, savePhoto, usePhotoChange } from './PhotoField';

// A new person gets the colour after the last one's, so that few share one.
function nextColor(client: QueryClient): number {
  return (client.getQueryData(peopleQuery.queryKey)?.length ?? 0) % 12;
}

export default function PersonDialog({ person, onClose }: { person?: Person; onClose: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft(`person.${person?.id ?? 'new'}`, {
    name: person?.name ?? '',
    numbers: person?.numbers.join('\n') ?? '',
    color: person?.color ?? nextColor(client),
  });
  const close = () => {
    forget();
    onClose();
  };
  const photo = usePhotoChange();
  const known = useRef(person?.id); // whom a first try added is not added again by a second
  const save = useMutation({
    mutationFn: async () => {
      const body: NewPerson = { name: draft.name.trim(), numbers: linesOf(draft.numbers), color: draft.color };
      const saved = known.current
        ? await ask(api.PUT('/people/{person}', { params: { path: { person: known.current } }, body }))
        : await ask(api.POST('/people', { body }));
      known.current = saved.id;
      await savePhoto(saved.id, photo.change);
    },
    onSuccess: async () => {
      close();
      say(words.common.saved);
      await forgetNames(client);
    },
  });
  return (
    <DialogBox title={person ? words.people.editTitle(person.name) : words.people.addTitle} isOpen onClose={close}>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending && !photo.read.isPending && draft.name.trim()) save.mutate();
        }}
      >
        <Field
          label={words.people.name}
          value={draft.name}
          onChange={(name) => setDraft({ name })}
          maxLength={200}
          isRequired
          autoFocus
          autoComplete="off"
          error={fieldError(words, save.error, 'name')}
        />
        <Field
          label={words.people.numbers}
          hint={words.people.numbersHint}
          rows={3}
          value={draft.numbers}
          onChange={(numbers) => setDraft({ numbers })}
          error={fieldError(words, save.error, 'numbers')}
        />
        <PhotoField
          name={draft.name}
          color={draft.color}
          person={person?.id}
          hasPhoto={Boolean(person?.photo)}
          photo={photo}
        />
        <RadioGroup
          className="choice colors"
          value={String(draft.color)}
          onChange={(color) => setDraft({ color: Number(color) })}
        >
          <Label>{words.people.color}</Label>
          <div className="color-options">
            {words.people.colors.map((name, i) => (
              <Radio key={name} value={String(i)} className={`color voice-${i}`} aria-label={name}>
                <span className="color-dot" aria-hidden />
              </Radio>
            ))}
          </div>
        </RadioGroup>
        <Trouble error={save.error} />
        <Actions>
          <Button
            type="submit"
            look="first"
            isDisabled={!draft.name.trim()}
            isPending={save.isPending || photo.read.isPending}
          >
            {words.common.save}
          </Button>
          <Button onPress={close}>{words.common.cancel}</Button>
        </Actions>
      </Form>
    </DialogBox>
  );
}
