import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { CallsChart, TimesChart } from './call-charts.tsx';
import { ProgramCharts } from './hub-charts.tsx';
import { TimeBar } from './time-bar.tsx';
import { useMetrics } from './use-metrics.ts';

/** Figures of one server over time. */
export function ServerCharts() {
  const { t } = useTranslation();
  const { id } = useServer();
  const time = useSearch({ from: '/servers/$id/charts' });
  const navigate = useNavigate({ from: '/servers/$id/charts' });
  const query = useMetrics(time, { server: id });
  const { data } = query;
  function zoom(from: number, to: number) {
    void navigate({ search: { ...time, from, to }, resetScroll: false });
  }
  return (
    <div className="flex flex-col gap-4">
      <TimeBar time={time} onChange={(next) => void navigate({ search: next, replace: true, resetScroll: false })} />
      {query.isError && (
        <LoadFailed title={t('monitoring.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!data && !query.isError && <Skeleton className="h-60" />}
      {data && (
        <div className="grid gap-4 md:grid-cols-2">
          <CallsChart data={data} onZoom={zoom} />
          <TimesChart data={data} onZoom={zoom} />
          <ProgramCharts data={data} onZoom={zoom} />
        </div>
      )}
    </div>
  );
}
