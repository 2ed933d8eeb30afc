// The filters: a panel to choose them in, and below it those that are on, each to be cleared by itself.
import { useQuery } from '@tanstack/react-query';
import { albumsQuery, peopleQuery, tagsQuery } from '../api/queries';
import { directions, doors, purposes } from '../api/types';
import { Button } from '../ui/Button';
import type { Option } from '../ui/Choice';
import { Pick } from '../ui/Pick';
import { Field } from '../ui/Field';
import { useNow } from '../ui/useNow';
import { shortDay } from '../words/dates';
import { useWords } from '../words/context';
import { filterCount, lengthChoice, lengthChoices, onlies, sorts, type Filters } from './filters';

interface Props {
  filters: Filters;
  isOpen: boolean;
  change: (change: Partial<Filters>) => void;
}

export default function FilterPanel({ filters, isOpen, change }: Props) {
  return (
    <>
      {isOpen && <Panel filters={filters} change={change} />}
      <Chips filters={filters} change={change} />
    </>
  );
}

function Panel({ filters, change }: Omit<Props, 'isOpen'>) {
  const words = useWords();
  const people = useQuery(peopleQuery);
  const tags = useQuery(tagsQuery);
  const albums = useQuery(albumsQuery);
  const any: Option = { id: '', name: words.common.any };
  const length = lengthChoice(filters);
  const named = <T extends string>(ids: readonly T[], names: Record<T, string>): Option[] => [
    any,
    ...ids.map((id) => ({ id, name: names[id] })),
  ];
  return (
    <div className="filter-panel" role="group" aria-label={words.calls.filters}>
      <Field type="date" label={words.calls.from} value={filters.from ?? ''} onChange={(from) => change({ from })} />
      <Field type="date" label={words.calls.to} value={filters.to ?? ''} onChange={(to) => change({ to })} />
      <Pick
        label={words.calls.person}
        value={filters.person ?? ''}
        onChange={(person) => change({ person })}
        options={[any, ...(people.data ?? []).map(({ id, name }) => ({ id, name }))]}
      />
      <Pick
        label={words.calls.tag}
        value={filters.tag ?? ''}
        onChange={(tag) => change({ tag })}
        options={[any, ...(tags.data ?? []).map(({ tag, calls }) => ({ id: tag, name: `${tag} (${calls})` }))]}
      />
      <Pick
        label={words.calls.length}
        value={length}
        onChange={(id) => {
          const choice = lengthChoices.find((c) => c.id === id);
          change({ min: choice?.min, max: choice?.max });
        }}
        options={[
          ...lengthChoices.map(({ id }) => ({ id: id as string, name: words.calls.lengths[id] })),
          ...(length === 'other' ? [{ id: 'other', name: words.calls.lengths.other }] : []),
        ]}
      />
      <Pick
        label={words.calls.direction}
        value={filters.direction ?? ''}
        onChange={(id) => change({ direction: directions.find((d) => d === id) })}
        options={named(directions, words.directions)}
      />
      <Pick
        label={words.calls.purpose}
        value={filters.purpose ?? ''}
        onChange={(id) => change({ purpose: purposes.find((p) => p === id) })}
        options={named(purposes, words.purposes)}
      />
      <Pick
        label={words.calls.door}
        value={filters.door ?? ''}
        onChange={(id) => change({ door: doors.find((d) => d === id) })}
        options={named(doors, words.doors)}
      />
      <Pick
        label={words.calls.only}
        value={filters.only ?? ''}
        onChange={(id) => change({ only: onlies.find((only) => only === id) })}
        options={named(onlies, words.calls.onlies)}
      />
      {albums.data && albums.data.length > 0 && (
        <Pick
          label={words.calls.album}
          value={filters.album ?? ''}
          onChange={(album) => change({ album })}
          options={[any, ...albums.data.map(({ id, name }) => ({ id, name }))]}
        />
      )}
      <Pick
        label={words.calls.sort}
        value={filters.sort ?? 'newest'}
        onChange={(sort) => change({ sort })}
        options={sorts.map((id) => ({ id, name: words.calls[id] }))}
      />
    </div>
  );
}

function Chips({ filters, change }: Omit<Props, 'isOpen'>) {
  const words = useWords();
  const now = useNow();
  const people = useQuery({ ...peopleQuery, enabled: Boolean(filters.person) });
  const albums = useQuery({ ...albumsQuery, enabled: Boolean(filters.album) });
  const day = (text: string) => shortDay(words, new Date(`${text}T12:00`), now);
  const chips: [string, Partial<Filters>][] = [];
  if (filters.from) chips.push([`${words.calls.from} ${day(filters.from)}`, { from: undefined }]);
  if (filters.to) chips.push([`${words.calls.to} ${day(filters.to)}`, { to: undefined }]);
  if (filters.person)
    chips.push([people.data?.find((p) => p.id === filters.person)?.name ?? words.calls.person, { person: undefined }]);
  if (filters.number) chips.push([`${words.calls.number} ${filters.number}`, { number: undefined }]);
  if (filters.direction) chips.push([words.directions[filters.direction], { direction: undefined }]);
  if (filters.purpose) chips.push([words.purposes[filters.purpose], { purpose: undefined }]);
  if (filters.door) chips.push([words.doors[filters.door], { door: undefined }]);
  if (filters.min !== undefined || filters.max !== undefined)
    chips.push([words.calls.lengths[lengthChoice(filters)], { min: undefined, max: undefined }]);
  if (filters.tag) chips.push([filters.tag, { tag: undefined }]);
  if (filters.only) chips.push([words.calls.onlies[filters.only], { only: undefined }]);
  if (filters.album)
    chips.push([albums.data?.find((a) => a.id === filters.album)?.name ?? words.calls.album, { album: undefined }]);
  if (filters.sort) chips.push([words.calls[filters.sort], { sort: undefined }]);
  if (chips.length === 0) return null;
  const all = Object.assign({}, ...chips.map(([, off]) => off)) as Partial<Filters>;
  return (
    <ul className="chips">
      {chips.map(([name, off]) => (
        <li key={name}>
          <Button className="chip" aria-label={words.calls.removeFilter(name)} onPress={() => change(off)}>
            {name}
            <span aria-hidden>×</span>
          </Button>
        </li>
      ))}
      {filterCount(filters) > 1 && (
        <li>
          <Button look="quiet" onPress={() => change(all)}>
            {words.calls.clearFilters}
          </Button>
        </li>
      )}
    </ul>
  );
}
