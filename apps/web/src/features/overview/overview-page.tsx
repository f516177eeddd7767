import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, ArrowRight } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRecord } from '../../lib/api-types.ts';
import { useLiveCalls } from '../../lib/live/live.tsx';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { CallRows } from '../../ui/calls/call-rows.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Problems } from './problems.tsx';
import { StatTiles } from './stat-tiles.tsx';

function Endpoints() {
  const { t } = useTranslation();
  const { base } = useInstance();
  const list = [
    [t('overview.endpointAll'), `${base}/mcp`],
    [t('overview.endpointOne'), `${base}/mcp/{server}`],
    [t('common.endpointSse'), `${base}/sse`],
    [t('overview.openapi'), `${base}/openapi.json`],
  ] as const;
  return (
    <Card
      title={t('overview.endpoints')}
      actions={
        <Link
          to="/connect"
          className="inline-flex items-center gap-1 text-sm font-medium text-accent-text hover:underline"
        >
          {t('overview.connect')} <ArrowRight aria-hidden className="size-3.5" />
        </Link>
      }
    >
      <dl className="flex flex-col gap-3">
        {list.map(([name, url]) => (
          <div key={url}>
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd>
              <CopyText text={url} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

interface OverviewPageProps {
  /** What a hub without servers offers first. */
  doors: ReactNode;
  onCall: (id: string) => void;
}

export function OverviewPage({ doors, onCall }: OverviewPageProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const overview = useQuery(trpc.system.overview.queryOptions(undefined, { refetchInterval: 30_000 }));
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000 }));
  // Being interested is enough: each finished call has the overview asked for again.
  useLiveCalls(() => {});
  const show = useCallback((call: CallRecord) => onCall(call.id), [onCall]);
  const first = servers.data?.total === 0;
  return (
    <Page title={t('overview.title')} lead={first ? t('overview.welcome') : t('overview.lead')}>
      {overview.isError && !overview.data && (
        <Callout
          tone="bad"
          title={t('overview.loadFailed')}
          actions={
            <Button size="sm" onClick={() => void overview.refetch()}>
              {t('common.retry')}
            </Button>
          }
        >
          {toFailure(overview.error).message}
        </Callout>
      )}
      {first ? (
        <div className="flex flex-col gap-6">
          {doors}
          <div className="grid gap-4 md:grid-cols-2">
            <Endpoints />
          </div>
        </div>
      ) : (
        <div className="flex flex-col gap-4">
          <StatTiles overview={overview.data} />
          <Problems servers={servers.data?.items} />
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
            <Card
              flush
              title={t('overview.recentCalls')}
              actions={
                <Link
                  to="/calls"
                  className="inline-flex items-center gap-1 text-sm font-medium text-accent-text hover:underline"
                >
                  {t('call.all')} <ArrowRight aria-hidden className="size-3.5" />
                </Link>
              }
            >
              <CallRows
                label={t('overview.recentCalls')}
                calls={overview.data?.recentCalls.slice(0, 8)}
                onShow={show}
                empty={
                  <Empty icon={<Activity />} title={t('call.none')}>
                    {t('call.noneHint')}
                  </Empty>
                }
              />
            </Card>
            <Endpoints />
          </div>
        </div>
      )}
    </Page>
  );
}
