import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { CallRecord } from '../../lib/api-types.ts';
import { useNow } from '../../lib/clock.ts';
import { useLiveCalls } from '../../lib/live/live.tsx';
import { useTRPC } from '../../lib/trpc.ts';
import type { CallsSearch } from './search.ts';

const spanMs: Record<NonNullable<CallsSearch['span']>, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};
const keptFresh = 200;

type Filter = Pick<CallsSearch, 'server' | 'tool' | 'outcome' | 'span' | 'q'>;

function fits(call: CallRecord, filter: Filter): boolean {
  if (filter.server !== undefined && call.serverId !== filter.server) return false;
  if (filter.tool !== undefined && call.name !== filter.tool) return false;
  if (filter.outcome !== undefined && call.outcome !== filter.outcome) return false;
  const text = [call.name, call.serverId, call.method, call.clientName, call.errorMessage].join(' ').toLowerCase();
  return filter.q === undefined || text.includes(filter.q.toLowerCase());
}

/** The call history that fits a filter, with new calls on top as they end. */
export function useCalls(filter: Filter) {
  const trpc = useTRPC();
  const key = JSON.stringify(filter);
  // A step of minutes, so that the question stays the same for a while.
  const now = useNow(300_000);
  const since = filter.span === undefined ? undefined : new Date(now - spanMs[filter.span]).toISOString();
  const [fresh, setFresh] = useState<{ key: string; calls: CallRecord[] }>({ key, calls: [] });
  const query = useInfiniteQuery(
    trpc.calls.list.infiniteQueryOptions(
      {
        limit: 50,
        ...(filter.server === undefined ? {} : { serverId: filter.server }),
        ...(filter.tool === undefined ? {} : { tool: filter.tool }),
        ...(filter.outcome === undefined ? {} : { outcome: [filter.outcome] }),
        ...(filter.q === undefined ? {} : { search: filter.q }),
        ...(since === undefined ? {} : { since }),
      },
      { getNextPageParam: (page) => page.nextCursor, staleTime: 0, placeholderData: keepPreviousData },
    ),
  );
  useLiveCalls((call) => {
    if (!fits(call, filter)) return;
    setFresh((old) => ({ key, calls: [call, ...(old.key === key ? old.calls : [])].slice(0, keptFresh) }));
  });
  const calls = useMemo(() => {
    if (!query.data) return undefined;
    const all = [...(fresh.key === key ? fresh.calls : []), ...query.data.pages.flatMap((page) => page.items)];
    const byId = new Map(all.map((call) => [call.id, call]));
    return [...byId.values()].toSorted((a, b) => b.startedAt - a.startedAt);
  }, [query.data, fresh, key]);
  const searchedTo = query.data?.pages.at(-1)?.searchedTo ?? null;
  return { calls, searchedTo: searchedTo === null ? null : new Date(searchedTo), query };
}
