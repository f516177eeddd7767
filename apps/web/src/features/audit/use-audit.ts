import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { AuditEntry } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { toFilter, type AuditSearch } from './search.ts';

/** The trail that fits, newest first, asked for again while somebody looks. */
export function useAudit(search: AuditSearch, now: number) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { limit: 50, ...toFilter(search, now) },
      {
        getNextPageParam: (page) => page.nextCursor,
        staleTime: 0,
        placeholderData: keepPreviousData,
        refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? 5000 : false),
      },
    ),
  );
  const searchedTo = query.data?.pages.at(-1)?.searchedTo ?? null;
  return {
    entries: query.data?.pages.flatMap((page) => page.items),
    searchedTo: searchedTo === null ? null : new Date(searchedTo),
    query,
  };
}

/** One entry that a link names: of the rows that are shown, else asked for by itself. */
export function useEntry(id: string | undefined, entries: readonly AuditEntry[] | undefined) {
  const trpc = useTRPC();
  const shown = entries?.find((entry) => entry.id === id);
  const wanted = id !== undefined && entries !== undefined && !shown;
  const query = useQuery(trpc.audit.get.queryOptions({ id: id ?? '' }, { enabled: wanted, retry: false }));
  return { entry: shown ?? (wanted ? query.data : undefined), error: wanted ? query.error : null };
}
