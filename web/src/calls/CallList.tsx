// The list of calls, of which only the rows in sight exist. The next page is fetched before the end is in sight.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Call } from '../api/types';
import { scrolledAt } from '../router/location';
import { useIsCalm } from '../frame/session';
import { Blank, Failed, Loading } from '../ui/states';
import { Button } from '../ui/Button';
import { useNow } from '../ui/useNow';
import { dayHeading } from '../words/dates';
import { useWords } from '../words/context';
import { CallRow, callHeadings } from './CallRow';
import { filterCount, type Filters } from './filters';
import { useCalls } from './useCalls';

const near = 60; // rows before the end at which the next page is asked for
const rowHeight = { calm: 108, full: 64 };
const headingHeight = 68;

export interface Selection {
  ids: ReadonlyMap<string, Call>;
  toggle: (call: Call) => void;
}

export function CallList({
  filters,
  selection,
  onCount,
  empty,
}: {
  filters: Filters;
  empty?: { title: string; text: string };
  selection?: Selection;
  onCount?: (total: number | undefined) => void;
}) {
  const words = useWords();
  const now = useNow();
  const isCalm = useIsCalm();
  const { query, rows, total, isByDay } = useCalls(filters);
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    onCount?.(total);
  }, [total, onCount]);
  const hasRows = rows.length > 0;
  useLayoutEffect(() => {
    setTop((box.current?.getBoundingClientRect().top ?? 0) + scrollY);
  }, [hasRows, selection]);

  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (i) => (rows[i] && 'day' in rows[i] ? headingHeight : isCalm ? rowHeight.calm : rowHeight.full),
    overscan: 10,
    useFlushSync: false,
    scrollMargin: top,
    getItemKey: (i) => {
      const row = rows[i];
      return row === undefined ? i : 'day' in row ? `day ${row.day}` : row.call.id;
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last >= rows.length - near) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, last, rows.length]);
  useLayoutEffect(() => {
    if (hasRows) scrollTo(0, scrolledAt(location.pathname + location.search));
  }, [hasRows]);

  if (query.isPending) return <Loading />;
  if (query.isError && !hasRows)
    return (
      <Failed
        error={query.error}
        onRetry={() => {
          void query.refetch();
        }}
      />
    );
  if (!hasRows) {
    const isFiltered = Boolean(filters.q) || filterCount(filters) > 0;
    if (empty && !filters.q) return <Blank title={empty.title}>{empty.text}</Blank>;
    return isFiltered ? (
      <Blank title={words.calls.nothingTitle}>{words.calls.nothing}</Blank>
    ) : (
      <Blank title={words.calls.emptyTitle}>{words.calls.empty}</Blank>
    );
  }
  const rowCount = hasNextPage
    ? (total ?? -1)
    : rows.at(-1) && 'call' in rows.at(-1)!
      ? (rows.at(-1) as { index: number }).index + 1
      : rows.length;
  const isTable = !isCalm;
  return (
    <div className={`calls ${query.isPlaceholderData ? 'is-stale' : ''}`}>
      <div
        role={isTable ? 'table' : undefined}
        aria-label={isTable ? words.calls.list : undefined}
        aria-rowcount={isTable ? rowCount : undefined}
      >
        {isTable && callHeadings(words, Boolean(selection))}
        <div
          ref={box}
          role={isTable ? 'rowgroup' : 'list'}
          aria-label={isTable ? undefined : words.calls.list}
          className="calls-rows"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index]!;
            const place = { transform: `translateY(${item.start - top}px)` };
            if ('day' in row) {
              const heading = dayHeading(words, row.at, now);
              const text = row.day ? (
                <h2>
                  {heading.name}
                  {heading.date && <span> {heading.date}</span>}
                </h2>
              ) : null;
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={row.day ? 'day' : 'day day-none'}
                  style={place}
                  role={isTable ? 'row' : 'listitem'}
                >
                  {isTable ? (
                    <div role="cell" aria-colspan={5}>
                      {text}
                    </div>
                  ) : (
                    text
                  )}
                </div>
              );
            }
            return (
              <CallRow
                key={item.key}
                ref={virtual.measureElement}
                index={item.index}
                rowIndex={row.index + 1}
                rowCount={rowCount}
                call={row.call}
                style={place}
                isUnderDay={isByDay}
                selection={selection}
              />
            );
          })}
        </div>
      </div>
      <div className="calls-end" role="status">
        {isFetchNextPageError ? (
          <Button
            onPress={() => {
              void fetchNextPage();
            }}
          >
            {words.common.retry}
          </Button>
        ) : hasNextPage ? (
          words.calls.loadingMore
        ) : filters.sort === undefined && !filters.q && filterCount(filters) === 0 ? (
          words.calls.end
        ) : (
          words.calls.endOther
        )}
      </div>
    </div>
  );
}
