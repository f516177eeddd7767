import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { CallRecord } from '../../lib/api-types.ts';
import { useNow } from '../../lib/clock.ts';
import { useLiveCalls } from '../../lib/live/live.tsx';
import { rangeOf, type TimeRange } from '../../lib/time-range.ts';
import { useTRPC } from '../../lib/trpc.ts';
import type { CallsSearch } from './search.ts';

const keptFresh = 200;

type Filter = Omit<CallsSearch, 'call'>;

/** Whether a call that has just ended belongs among those that are shown. */
function fits(call: CallRecord, filter: Filter, { since, until }: TimeRange): boolean {
  if (filter.server !== undefined && call.serverId !== filter.server) return false;
  if (filter.tool !== undefined && call.name !== filter.tool) return false;
  if (filter.user !== undefined && call.userName?.toLowerCase() !== filter.user.toLowerCase()) return false;
  if (filter.key !== undefined && call.keyId !== filter.key) return false;
  if (filter.request !== undefined && call.requestId !== filter.request) return false;
  if (filter.outcome !== undefined && call.outcome !== filter.outcome) return false;
  if (since !== undefined && call.startedAt < Date.parse(since)) return false;
  if (until !== undefined && call.startedAt >= Date.parse(until)) return false;
  const { name, serverId, method, clientName, errorMessage, userName, keyName } = call;
  const text = [name, serverId, method, clientName, errorMessage, userName, keyName].join(' ').toLowerCase();
  return filter.q === undefined || text.includes(filter.q.toLowerCase());
}

/** The call history that fits a filter, with new calls on top as they end. */
export function useCalls(filter: Filter) {
  const trpc = useTRPC();
  const key = JSON.stringify(filter);
  // A step of minutes, so that the question stays the same for a while.
  const now = useNow(300_000);
  const range = rangeOf(filter, now);
  const [fresh, setFresh] = useState<{ key: string; calls: CallRecord[] }>({ key, calls: [] });
  const query = useInfiniteQuery(
    trpc.calls.list.infiniteQueryOptions(
      {
        limit: 50,
        ...(filter.server === undefined ? {} : { serverId: filter.server }),
        ...(filter.tool === undefined ? {} : { tool: filter.tool }),
        ...(filter.user === undefined ? {} : { user: filter.user }),
        ...(filter.key === undefined ? {} : { key: filter.key }),
        ...(filter.request === undefined ? {} : { requestId: filter.request }),
        ...(filter.outcome === undefined ? {} : { outcome: [filter.outcome] }),
        ...(filter.q === undefined ? {} : { search: filter.q }),
        ...range,
      },
      { getNextPageParam: (page) => page.nextCursor, staleTime: 0, placeholderData: keepPreviousData },
    ),
  );
  useLiveCalls((call) => {
    if (!fits(call, filter, range)) return;
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
