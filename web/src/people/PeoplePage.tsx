// Everybody whose number has a name: a list by name, with their colour and when they were last heard.
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { Link } from 'react-aria-components';
import { peopleQuery } from '../api/queries';
import type { Person } from '../api/types';
import { mayName, useSession } from '../frame/session';
import { personPath } from '../router/routes';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { Face } from '../ui/Tags';
import { useNow } from '../ui/useNow';
import { shortDay } from '../words/dates';
import { useWords } from '../words/context';
import type { Words } from '../words/nl';

const findFrom = 8; // fewer are found by looking
const shownAtOnce = 120;

// Letters without their accents and case, to find "José" by "jose".
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

const PersonDialog = lazy(() => import('./PersonDialog'));

export function callsOf(words: Words, person: Person, now: Date): string {
  if (person.calls === 0) return words.people.noCalls;
  const last = person.last ? words.people.last(shortDay(words, new Date(person.last), now)) : '';
  return [words.people.calls(person.calls), last].filter(Boolean).join(', ');
}

export default function PeoplePage() {
  const words = useWords();
  const now = useNow();
  const people = useQuery(peopleQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [find, setFind] = useState('');
  const [most, setMost] = useState(shownAtOnce);
  const shown = (people.data ?? []).filter(
    (person) => fold(person.name).includes(fold(find)) || person.numbers.some((number) => number.includes(find.trim())),
  );
  const add = mayName(useSession()) && (
    <Button look="first" onPress={() => setIsAdding(true)}>
      {words.people.add}
    </Button>
  );
  return (
    <div className="page">
      <PageTitle title={words.people.title} aside={people.data && people.data.length > 0 && add}>
        {words.people.title}
      </PageTitle>
      {people.isPending ? (
        <Loading />
      ) : people.isError ? (
        <Failed
          error={people.error}
          onRetry={() => {
            void people.refetch();
          }}
        />
      ) : people.data.length === 0 ? (
        <Blank title={words.people.emptyTitle} actions={add}>
          {words.people.empty}
        </Blank>
      ) : (
        <>
          {people.data.length > findFrom && (
            <Field label={words.people.find} type="search" value={find} onChange={setFind} className="search" />
          )}
          <ul className="people">
            {shown.slice(0, most).map((person) => (
              <li key={person.id}>
                <Link href={personPath(person.id)} className="person">
                  <Face name={person.name} color={person.color} person={person.id} size="large" />
                  <span className="person-words">
                    <span className="person-name">{person.name}</span>
                    <span className="hint">{callsOf(words, person, now)}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          {shown.length > most && <Button onPress={() => setMost(most + shownAtOnce)}>{words.common.more}</Button>}
        </>
      )}
      {isAdding && (
        <Suspense>
          <PersonDialog onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </div>
  );
}
