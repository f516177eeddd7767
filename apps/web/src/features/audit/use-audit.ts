import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
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
  return { entries: query.data?.pages.flatMap((page) => page.items), query };
}
