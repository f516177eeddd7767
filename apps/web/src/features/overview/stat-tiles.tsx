import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { Overview } from '../../lib/api-types.ts';
import { count, duration, percent } from '../../lib/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';

function Tile({ name, value, note }: { name: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className="flex min-h-[6.5rem] flex-col rounded-lg border border-line bg-surface px-4 py-3.5 shadow-rest">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="mt-1 flex flex-1 flex-col">
        <span className="text-2xl font-semibold tracking-tight tabular">{value}</span>
        <span className="mt-auto text-xs text-ink-3">{note}</span>
      </dd>
    </div>
  );
}

/** How the hub is, in four numbers. */
export function StatTiles({ overview }: { overview: Overview | undefined }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  if (!overview) {
    return (
      <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} className="h-[6.5rem] rounded-lg" />
        ))}
      </div>
    );
  }
  const { servers } = overview;
  const ready = servers.running + servers.asleep;
  const notes = [
    servers.asleep > 0 && t('overview.asleep', { count: servers.asleep }),
    servers.error > 0 && t('overview.failing', { count: servers.error }),
    servers.disabled > 0 && t('overview.disabled', { count: servers.disabled }),
  ].filter(Boolean);
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Tile
        name={t('overview.serversReady')}
        value={
          <>
            {count(ready, language)}
            <span className="text-lg font-normal text-ink-3"> / {count(servers.total, language)}</span>
          </>
        }
        note={notes.length > 0 ? notes.join(' · ') : t('overview.allWell')}
      />
      <Tile name={t('overview.tools')} value={count(overview.tools, language)} note={t('overview.toolsNote')} />
      <Tile
        name={t('overview.calls')}
        value={t('overview.perMinute', { value: count(Math.round(overview.callsPerMinute * 10) / 10, language) })}
        note={t('overview.errorRate', { value: percent(overview.errorRate, language) })}
      />
      <Tile
        name={t('overview.median')}
        value={overview.p50Ms === null ? '–' : duration(overview.p50Ms, language)}
        note={overview.sessions === null ? t('overview.ofSeen') : t('overview.sessions', { count: overview.sessions })}
      />
    </dl>
  );
}
