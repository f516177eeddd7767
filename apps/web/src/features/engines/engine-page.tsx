import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EngineSummary } from '../../lib/api-types.ts';
import { engineLooks } from '../../lib/chosen-engine.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, count } from '../../lib/format.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Status } from '../../ui/feedback/status.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { DiskCard } from './disk-card.tsx';
import { UsageCharts } from './usage-charts.tsx';

type Overview = Outputs['engines']['overview'];

function Tile({ label, value, note }: { label: string; value: string; note?: string }) {
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-3 shadow-rest">
      <p className="text-sm text-ink-3">{label}</p>
      <p className="text-xl font-semibold tabular">{value}</p>
      {note !== undefined && <p className="text-xs text-ink-3">{note}</p>}
    </div>
  );
}

function Tiles({ info }: { info: Overview['info'] }) {
  const { t, i18n } = useTranslation();
  function number(value: number) {
    return count(value, i18n.language);
  }
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile
        label={t('common.containers')}
        value={number(info.containers)}
        note={t('engines.runningOf', { running: number(info.running), stopped: number(info.stopped) })}
      />
      <Tile label={t('common.images')} value={number(info.images)} />
      <Tile label={t('engines.processors')} value={number(info.cpus)} note={info.architecture} />
      <Tile label={t('container.memory')} value={bytes(info.memoryBytes, i18n.language)} />
    </div>
  );
}

function About({ overview: { version, info, host, name } }: { overview: Overview }) {
  const { t } = useTranslation();
  return (
    <Card title={t('engines.about')}>
      <Facts>
        <Fact name={t('engine.name')}>{name}</Fact>
        <Fact name={t('engines.host')}>
          <code className="font-mono text-sm break-all">{host}</code>
        </Fact>
        <Fact name={t('engines.version')}>
          {version.version} <span className="text-ink-3">(API {version.apiVersion})</span>
        </Fact>
        <Fact name={t('engines.system')}>
          {info.operatingSystem} · {version.os}/{version.architecture}
        </Fact>
        <Fact name={t('engines.storage')}>{info.storageDriver}</Fact>
        <Fact name={t('engines.swarm')}>
          <Badge tone={info.swarm === 'active' ? 'accent' : 'neutral'}>{info.swarm}</Badge>
        </Fact>
      </Facts>
    </Card>
  );
}

function OtherEngines({ engines }: { engines: readonly EngineSummary[] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('engines.all')} flush>
      <ul>
        {engines.map((engine) => (
          <li
            key={engine.name}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-0"
          >
            <Link
              to="/containers/engine"
              search={engine.isDefault ? {} : { engine: engine.name }}
              className="font-medium hover:underline"
            >
              {engine.name}
            </Link>
            {engine.isDefault && <Badge>{t('engines.usual')}</Badge>}
            <Status {...engineLooks[engine.state.phase]} label={t(`engine.phase.${engine.state.phase}`)} />
            <code className="min-w-0 font-mono text-xs break-all text-ink-3">{engine.host}</code>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function EnginePage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const engines = useQuery(trpc.engines.list.queryOptions());
  const overview = useQuery(trpc.engines.overview.queryOptions({ engine }));
  const { data } = overview;
  return (
    <div className="flex flex-col gap-4">
      {overview.isError && !data && (
        <EngineFailed title={t('engines.loadFailed')} error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {overview.isPending && <Skeleton className="h-24 rounded-lg" />}
      {data && <Tiles info={data.info} />}
      {data && <UsageCharts cpus={data.info.cpus} memoryBytes={data.info.memoryBytes} />}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {overview.isPending && <Skeleton className="h-56 rounded-lg" />}
        {data && <About overview={data} />}
        {data && <DiskCard />}
      </div>
      {(data?.info.warnings.length ?? 0) > 0 && (
        <Callout tone="warn" title={t('engines.warnings')}>
          <ul className="list-inside list-disc">
            {data?.info.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      )}
      {engines.data && engines.data.length > 1 && <OtherEngines engines={engines.data} />}
    </div>
  );
}
