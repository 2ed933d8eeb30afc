// The filters of the address bar, and how to change them.
import { useCallback, useMemo } from 'react';
import { navigate, useSearch } from '../router/location';
import { filtersFromAddress, filtersToAddress, withFilter, type Filters } from './filters';

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const search = useSearch();
  const filters = useMemo(() => filtersFromAddress(search), [search]);
  const change = useCallback((changed: Partial<Filters>) => {
    const now = filtersFromAddress(location.search);
    navigate(location.pathname + filtersToAddress(withFilter(now, changed)), { replace: true });
  }, []);
  return [filters, change];
}
