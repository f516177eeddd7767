import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { bytes, count } from '../../lib/format.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';

const kinds = ['images', 'containers', 'volumes', 'buildCache'] as const;

/** What the engine keeps on its disk. It measures that anew, so it is asked when it is shown, not again and again. */
export function DiskCard() {
  const { t, i18n } = useTranslation();
  const trpc = useTRPC();
  const engine = useEngineName();
  const usage = useQuery(trpc.engines.diskUsage.queryOptions({ engine }, { staleTime: 60_000 }));
  function size(value: number) {
    return bytes(value, i18n.language);
  }
  const largest = Math.max(1, ...kinds.map((kind) => usage.data?.[kind].bytes ?? 0));
  return (
    <Card
      title={t('engines.disk')}
      actions={
        <Button size="sm" busy={usage.isFetching} onClick={() => void usage.refetch()}>
          {t('engines.measure')}
        </Button>
      }
    >
      {usage.isError && <p className="text-sm text-bad">{toFailure(usage.error).message}</p>}
      <ul className="flex flex-col gap-3">
        {kinds.map((kind) => {
          const use = usage.data?.[kind];
          return (
            <li key={kind} className="text-sm">
              <div className="flex items-baseline justify-between gap-4">
                <span>
                  {t(`engines.use.${kind}`)}{' '}
                  {use && <span className="text-ink-3 tabular">{count(use.count, i18n.language)}</span>}
                </span>
                {use ? <span className="tabular">{size(use.bytes)}</span> : <Skeleton className="w-16" />}
              </div>
              <svg aria-hidden viewBox="0 0 100 2" preserveAspectRatio="none" className="mt-1 block h-1.5 w-full">
                <rect width="100" height="2" rx="1" className="fill-sunken" />
                <rect width={((use?.bytes ?? 0) / largest) * 100} height="2" className="fill-accent/35" />
                <rect
                  width={(((use?.bytes ?? 0) - (use?.reclaimableBytes ?? 0)) / largest) * 100}
                  height="2"
                  className="fill-accent"
                />
              </svg>
              <p className="mt-0.5 h-4 text-xs text-ink-3">
                {use && use.reclaimableBytes > 0 && t('engines.reclaimable', { size: size(use.reclaimableBytes) })}
              </p>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
