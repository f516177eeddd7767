import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { CallsChart, TimesChart, TokensChart } from './call-charts.tsx';
import { FilterBar } from './filter-bar.tsx';
import { HealthCard } from './health-card.tsx';
import { HubCharts, ProgramCharts } from './hub-charts.tsx';
import { filterOf, type MonitoringSearch } from './search.ts';
import { TimeBar } from './time-bar.tsx';
import { TopCard } from './top-card.tsx';
import { useMetrics, type MetricSeries } from './use-metrics.ts';

/** Who uses no models sees nothing of them. */
function isShown({ points }: MetricSeries, filter: object): boolean {
  return points.length > 0 || 'model' in filter;
}

/** Figures of the hub over time, and how it does now. */
export function MonitoringPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/monitoring' });
  const navigate = useNavigate({ from: '/monitoring' });
  const { range, from, to } = search;
  const filter = filterOf(search);
  const query = useMetrics({ range, from, to }, filter);
  const { data } = query;
  function go(next: MonitoringSearch) {
    void navigate({ search: next, replace: true, resetScroll: false });
  }
  function zoom(start: number, end: number) {
    void navigate({ search: { ...filter, range, from: start, to: end }, resetScroll: false });
  }
  return (
    <Page title={t('monitoring.title')} lead={t('monitoring.lead')}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <TimeBar time={search} onChange={(time) => go({ ...filter, ...time })} />
          <FilterBar search={search} onFilter={(next) => go({ range, from, to, ...next })} />
        </div>
        {query.isError && (
          <LoadFailed title={t('monitoring.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
        )}
        {!data && !query.isError && <Skeleton className="h-60" />}
        <div className="grid items-start gap-4 md:grid-cols-2">
          {data && (
            <>
              {data.metrics.requests && <CallsChart data={data} onZoom={zoom} />}
              {data.metrics.responseTime && <TimesChart data={data} onZoom={zoom} />}
              {data.metrics.tokens && isShown(data.metrics.tokens, filter) && <TokensChart data={data} onZoom={zoom} />}
              {data.metrics.sessions ? (
                <HubCharts data={data} onZoom={zoom} />
              ) : (
                <ProgramCharts data={data} onZoom={zoom} />
              )}
            </>
          )}
          <HealthCard />
          {(['slowest', 'failing'] as const).map((order) => (
            <TopCard
              key={order}
              order={order}
              time={{ range, from, to }}
              onPick={(by, value) => go({ range, from, to, [by]: value })}
            />
          ))}
        </div>
      </div>
    </Page>
  );
}
