// What was removed and can be had back. In the calm face: what was thrown away.
import { Suspense, lazy } from 'react';
import { useSafekeepingDays } from '../call/useKeeping';
import { useIsCalm } from '../frame/session';
import { PageTitle } from '../ui/PageTitle';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { CallList } from './CallList';
import { SearchBox } from './SearchBox';
import { useFilters } from './useFilters';
import { useSelection } from './useSelection';

const BulkBar = lazy(() => import('./BulkBar'));

export default function SafekeepingPage() {
  const words = useWords();
  const { keeping } = useLater();
  const isCalm = useIsCalm();
  const days = useSafekeepingDays();
  const [filters, change] = useFilters();
  const { ids, toggle, leave } = useSelection();
  const title = isCalm ? keeping.binTitle : keeping.safeTitle;
  const empty = isCalm
    ? { title: keeping.binNone, text: keeping.binEmpty }
    : { title: keeping.safeNone, text: keeping.safeEmpty };
  return (
    <div className="page">
      <PageTitle title={title}>{title}</PageTitle>
      <p className="lead">{isCalm ? keeping.binIntro(days) : keeping.safeIntro(days)}</p>
      {!isCalm && <SearchBox label={words.calls.search} value={filters.q ?? ''} onSearch={(q) => change({ q })} />}
      <CallList
        filters={{ ...(filters.q && { q: filters.q }), only: 'safekeeping' }}
        empty={empty}
        {...(!isCalm && { selection: { ids, toggle } })}
      />
      {ids.size > 0 && (
        <Suspense>
          <BulkBar calls={[...ids.values()]} onLeft={leave} isSafekeeping />
        </Suspense>
      )}
    </div>
  );
}
