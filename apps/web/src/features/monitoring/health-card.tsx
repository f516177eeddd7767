import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes, duration } from '../../lib/format.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';

function State({ healthy, children }: { healthy: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Badge tone={healthy ? 'ok' : 'bad'}>{t(healthy ? 'monitoring.fine' : 'monitoring.amiss')}</Badge>
      <span className="text-sm text-ink-3 tabular">{children}</span>
    </span>
  );
}

/** How the hub's database, jobs, servers, engines and disk do. */
export function HealthCard() {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const health = useQuery(trpc.monitoring.health.queryOptions(undefined, { refetchInterval: 15_000 }));
  const { language } = i18n;
  const { data } = health;
  return (
    <Card title={t('monitoring.health')}>
      {health.isError && !data && (
        <LoadFailed title={t('monitoring.loadFailed')} error={health.error} onRetry={() => void health.refetch()} />
      )}
      {data && (
        <Facts>
          <Fact name={t('monitoring.database')}>
            <State healthy>
              {duration(data.database.answeredMs, language)}
              {data.database.bytes !== null && ` · ${bytes(data.database.bytes, language)}`}
            </State>
          </Fact>
          <Fact name={t('monitoring.jobs')}>
            <State healthy={data.jobs.healthy}>{null}</State>
          </Fact>
          <Fact name={t('common.servers')}>
            <State healthy={data.servers.healthy === data.servers.total}>
              {data.servers.healthy} / {data.servers.total}
            </State>
          </Fact>
          {data.engines.map(({ name, healthy }) => (
            <Fact key={name} name={t('monitoring.engine', { name })}>
              <State healthy={healthy}>{null}</State>
            </Fact>
          ))}
          {data.disk && (
            <Fact name={t('monitoring.disk')}>
              <State healthy={data.disk.healthy}>
                {t('monitoring.freeOf', {
                  free: bytes(data.disk.freeBytes, language),
                  total: bytes(data.disk.totalBytes, language),
                })}
              </State>
            </Fact>
          )}
        </Facts>
      )}
    </Card>
  );
}
