// One person and the calls with them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { ApiError, api, ask } from '../api/client';
import { forgetNames, peopleQuery } from '../api/queries';
import type { Person } from '../api/types';
import { CallList } from '../calls/CallList';
import { mayName, useSession } from '../frame/session';
import { navigate } from '../router/location';
import { Actions, Button } from '../ui/Button';
import { DialogBox } from '../ui/DialogBox';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading, Trouble } from '../ui/states';
import { Face } from '../ui/Tags';
import { useNow } from '../ui/useNow';
import { useWords } from '../words/context';
import { callsOf } from './PeoplePage';

const PersonDialog = lazy(() => import('./PersonDialog'));
const nobody = new ApiError({ type: 'not-found', title: '', status: 404 }, null);

export default function PersonPage({ person: id }: { person: string }) {
  const people = useQuery(peopleQuery);
  if (people.isPending) return <Loading />;
  if (people.isError)
    return (
      <Failed
        isPage
        error={people.error}
        onRetry={() => {
          void people.refetch();
        }}
      />
    );
  const person = people.data.find((p) => p.id === id);
  return person ? <Shown person={person} /> : <Failed isPage error={nobody} />;
}

function Shown({ person }: { person: Person }) {
  const words = useWords();
  const now = useNow();
  const session = useSession();
  const [open, setOpen] = useState<'edit' | 'forget' | null>(null);
  return (
    <div className="page">
      <PageTitle
        title={person.name}
        aside={
          mayName(session) && (
            <Actions>
              <Button onPress={() => setOpen('edit')}>{words.common.edit}</Button>
              <Button look="danger" onPress={() => setOpen('forget')}>
                {words.people.forget}
              </Button>
            </Actions>
          )
        }
      >
        <span className="person-title">
          <Face name={person.name} color={person.color} person={person.id} size={person.photo ? 'huge' : 'large'} />
          {person.name}
        </span>
      </PageTitle>
      <p className="lead">{[...person.numbers, callsOf(words, person, now)].join(' · ')}</p>
      <CallList filters={{ person: person.id }} />
      <Suspense>{open === 'edit' && <PersonDialog person={person} onClose={() => setOpen(null)} />}</Suspense>
      {open === 'forget' && <Forget person={person} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Forget({ person, onClose }: { person: Person; onClose: () => void }) {
  const words = useWords();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/people/{person}', { params: { path: { person: person.id } } })),
    onSuccess: () => {
      navigate('/mensen');
      void forgetNames(client);
    },
  });
  return (
    <DialogBox title={words.people.removeTitle(person.name)} isOpen onClose={onClose}>
      <p>{words.people.removeHint}</p>
      <Trouble error={remove.error} />
      <Actions>
        <Button look="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
          {words.people.forget}
        </Button>
        <Button onPress={onClose}>{words.common.cancel}</Button>
      </Actions>
    </DialogBox>
  );
}
