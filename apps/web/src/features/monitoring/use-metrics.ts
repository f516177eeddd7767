import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { timesOf, type FilterName, type TimeSearch } from './search.ts';

export type Metrics = Outputs['monitoring']['metrics'];
export type MetricSeries = NonNullable<Metrics['metrics']['requests']>;

const againMs = 15_000;

/** Figures of a time, asked for again while somebody looks at the present. */
export function useMetrics(time: TimeSearch, filter: Partial<Record<FilterName, string>>) {
  const trpc = useTRPC();
  const times = timesOf(time);
  return useQuery(
    trpc.monitoring.metrics.queryOptions(
      { ...times, ...filter },
      { placeholderData: keepPreviousData, staleTime: 0, refetchInterval: 'from' in times ? false : againMs },
    ),
  );
}

/** What had most to do with the calls of a time. */
export function useTop(by: FilterName, time: TimeSearch) {
  const trpc = useTRPC();
  const times = timesOf(time);
  return useQuery(
    trpc.monitoring.top.queryOptions(
      { by, ...times },
      { placeholderData: keepPreviousData, staleTime: 0, refetchInterval: 'from' in times ? false : againMs },
    ),
  );
}
