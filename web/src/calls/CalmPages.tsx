// The calm face's pages of calls: the latest to listen to, a search, and what was kept.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Button } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { callsQuery } from '../api/queries';
import { useWords } from '../words/context';
import { CallList } from './CallList';
import { CalmRow } from './CallRow';
import { SearchBox } from './SearchBox';
import { useFilters } from './useFilters';

export default function CalmPages({ page }: { page: 'listen' | 'search' | 'kept' }) {
  if (page === 'search') return <Search />;
  return page === 'kept' ? <Kept /> : <Listen />;
}

function Listen() {
  const words = useWords();
  const [filters] = useFilters();
  return (
    <div className="page">
      <PageTitle title={words.calm.listenTitle}>{words.calm.listenTitle}</PageTitle>
      <CallList filters={filters} />
    </div>
  );
}

function Search() {
  const words = useWords();
  const [filters, change] = useFilters();
  return (
    <div className="page">
      <PageTitle title={words.calm.searchTitle}>{words.calm.searchTitle}</PageTitle>
      <SearchBox label={words.calm.searchHint} value={filters.q ?? ''} onSearch={(q) => change({ q })} />
      {filters.q ? <CallList filters={filters} /> : <p className="lead">{words.calm.searchEmpty}</p>}
    </div>
  );
}

const enough = 10; // so many kept calls fill a page
const pagesAtOnce = 20; // and so many pages are looked through for them at one press

// The contract has no filter for what is kept, so kept calls are picked out of the pages as they come.
function Kept() {
  const words = useWords();
  const query = useInfiniteQuery(callsQuery({}));
  const kept = (query.data?.pages ?? []).flatMap((page) => page.calls).filter((call) => call.is_kept);
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const looksOn = hasNextPage && kept.length < enough && (query.data?.pages.length ?? 0) % pagesAtOnce !== 0;
  useEffect(() => {
    if (looksOn && !isFetching && !isError) void fetchNextPage();
  }, [looksOn, isFetching, isError, fetchNextPage]);
  const more = !looksOn && query.hasNextPage && (
    <Button
      isPending={query.isFetchingNextPage}
      onPress={() => {
        void query.fetchNextPage();
      }}
    >
      {words.calm.more}
    </Button>
  );
  return (
    <div className="page">
      <PageTitle title={words.calm.keptTitle}>{words.calm.keptTitle}</PageTitle>
      {query.isPending || (looksOn && kept.length === 0) ? (
        <Loading />
      ) : query.isError ? (
        <Failed
          error={query.error}
          onRetry={() => {
            void query.refetch();
          }}
        />
      ) : kept.length === 0 ? (
        <Blank title={words.calm.keptNone} actions={more}>
          {words.calm.keptEmpty}
        </Blank>
      ) : (
        <>
          <div role="list" aria-label={words.calls.list} className="calls">
            {kept.map((call, i) => (
              <CalmRow
                key={call.id}
                ref={null}
                call={call}
                index={i}
                rowIndex={i + 1}
                rowCount={kept.length}
                style={{}}
              />
            ))}
          </div>
          {more}
        </>
      )}
    </div>
  );
}
