// The full face's list: search, filters, and doing something to many calls at once.
import { Suspense, lazy, useState } from 'react';
import { Button } from '../ui/Button';
import { copy } from '../ui/copy';
import { PageTitle } from '../ui/PageTitle';
import { say } from '../ui/said';
import { useWords } from '../words/context';
import { CallList } from './CallList';
import { filterCount, filtersToAddress } from './filters';
import { SearchBox } from './SearchBox';
import { useFilters } from './useFilters';
import { useSelection } from './useSelection';

const FilterPanel = lazy(() => import('./FilterPanel'));
const BulkBar = lazy(() => import('./BulkBar'));

export default function CallsPage() {
  const words = useWords();
  const [filters, change] = useFilters();
  const [isOpen, setIsOpen] = useState(false);
  const [total, setTotal] = useState<number>();
  const { ids, toggle, leave } = useSelection();
  const filtered = filterCount(filters);
  const share = async () => {
    if (await copy(`${location.origin}/${filtersToAddress(filters)}`)) say(words.common.copied);
  };

  return (
    <div className="page page-calls">
      <PageTitle
        title={words.calls.title}
        aside={
          total !== undefined && (
            <span className="count">{words.calls.total(total.toLocaleString(words.locale), total === 1)}</span>
          )
        }
      >
        {words.calls.title}
      </PageTitle>
      <div className="calls-tools">
        <SearchBox label={words.calls.search} value={filters.q ?? ''} onSearch={(q) => change({ q })} />
        <Button aria-expanded={isOpen} aria-controls="filters" onPress={() => setIsOpen(!isOpen)}>
          {filtered > 0 ? words.calls.filtersOn(filtered) : words.calls.filters}
        </Button>
        {(filtered > 0 || filters.q) && (
          <Button look="quiet" onPress={() => void share()}>
            {words.calls.share}
          </Button>
        )}
      </div>
      <div id="filters">
        {(isOpen || filtered > 0 || filters.sort) && (
          <Suspense>
            <FilterPanel filters={filters} isOpen={isOpen} change={change} />
          </Suspense>
        )}
      </div>
      <CallList filters={filters} selection={{ ids, toggle }} onCount={setTotal} />
      {ids.size > 0 && (
        <Suspense>
          <BulkBar calls={[...ids.values()]} onLeft={leave} isSafekeeping={filters.only === 'safekeeping'} />
        </Suspense>
      )}
    </div>
  );
}
