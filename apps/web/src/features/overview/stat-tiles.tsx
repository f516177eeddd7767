import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../lib/api-types.ts';
import { count, duration, percent } from '../../lib/format.ts';
import { stateWords } from '../../lib/server-state.ts';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';

function Tile({ name, value, note }: { name: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className="flex min-h-[7.5rem] flex-col rounded-lg border border-line bg-surface px-4 py-3.5 shadow-rest lg:min-h-[6.5rem]">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="mt-1 flex flex-1 flex-col">
        <span className="text-2xl font-semibold tracking-tight tabular">{value}</span>
        <span className="mt-auto text-xs text-ink-3">{note}</span>
      </dd>
    </div>
  );
}

/** Every state that some server is in, so that the numbers add up to all of them. */
function StatesNote({ servers }: { servers: Overview['servers'] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const named = stateWords.filter((state) => servers[state] > 0);
  if (named.length === 0) return t('overview.noServers');
  return named
    .map((state) => {
      const word = t(`state.${state}`).toLocaleLowerCase(language);
      return t('overview.inState', { count: count(servers[state], language), state: word });
    })
    .join(' · ');
}

function CallTiles({ calls: { recent, hour } }: Pick<Overview, 'calls'>) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const pace = t('overview.perMinute', { value: count(Math.round(recent.perMinute * 10) / 10, language) });
  const durations =
    recent.p50Ms !== null &&
    recent.p95Ms !== null &&
    t('overview.durations', { median: duration(recent.p50Ms, language), p95: duration(recent.p95Ms, language) });
  return (
    <>
      <Tile
        name={t('overview.calls')}
        value={count(recent.count, language)}
        note={[pace, durations].filter(Boolean).join(' · ')}
      />
      <Tile
        name={t('overview.failed')}
        value={percent(hour.errorRate, language)}
        note={[
          t('overview.failedOf', { failed: count(hour.errors, language), count: hour.count }),
          t('overview.toolErrors', { count: hour.toolErrors }),
        ].join(' · ')}
      />
    </>
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
          <Skeleton key={index} className="h-[7.5rem] rounded-lg lg:h-[6.5rem]" />
        ))}
      </div>
    );
  }
  const { servers, sessions } = overview;
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
      <Tile
        name={t('overview.serversReady')}
        value={
          <>
            {count(servers.running + servers.asleep, language)}
            <span className="text-lg font-normal text-ink-3"> / {count(servers.total, language)}</span>
          </>
        }
        note={<StatesNote servers={servers} />}
      />
      <Tile
        name={t('overview.tools')}
        value={count(overview.tools, language)}
        note={sessions === null ? t('overview.ofSeen') : t('overview.sessions', { count: sessions })}
      />
      <CallTiles calls={overview.calls} />
    </dl>
  );
}
