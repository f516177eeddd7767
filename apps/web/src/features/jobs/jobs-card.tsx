import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';
import { SetAsideJobs } from './set-aside-jobs.tsx';
import { useJobName } from './use-job-name.ts';

type JobType = Outputs['jobs']['list']['types'][number];

function TypeRow({ type, name }: { type: JobType; name: string }) {
  const { t } = useTranslation();
  const { lastRun } = type;
  return (
    <li className="border-b border-line px-4 py-3 last:border-0">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        {name}
        {type.running > 0 && <Badge tone="accent">{t('jobs.running', { count: type.running })}</Badge>}
        {type.waiting > 0 && <Badge>{t('jobs.waiting', { count: type.waiting })}</Badge>}
        {type.failed > 0 && <Badge tone="bad">{t('jobs.failed', { count: type.failed })}</Badge>}
      </p>
      <p className="text-sm text-ink-3">
        {t('jobs.lastRun')} <Time value={lastRun?.endedAt} none={t('jobs.never')} />
        {lastRun?.ok === false && <span className="text-bad"> {t('jobs.wentWrong')}</span>}
        {type.nextRunAt !== null && (
          <>
            {' · '}
            {t('jobs.nextRun')} <Time value={type.nextRunAt} />
          </>
        )}
      </p>
      {type.lastError !== null && <p className="text-sm break-words text-ink-2">{type.lastError}</p>}
    </li>
  );
}

/** The hub's work behind the scenes, for who may see it. */
export function JobsCard() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const nameOf = useJobName();
  const jobs = useQuery(trpc.jobs.list.queryOptions(undefined, { refetchInterval: 30_000 }));
  return (
    <Card flush title={t('jobs.title')}>
      {jobs.isPending && <SkeletonRows rows={3} className="h-16" />}
      {jobs.isError && !jobs.data && (
        <div className="p-4">
          <LoadFailed title={t('jobs.loadFailed')} error={jobs.error} onRetry={() => void jobs.refetch()} />
        </div>
      )}
      {jobs.data && jobs.data.trouble !== null && (
        <div className="p-4">
          <Callout tone="bad" title={t('jobs.trouble')}>
            {jobs.data.trouble}
          </Callout>
        </div>
      )}
      <ul>
        {jobs.data?.types.map((type) => (
          <TypeRow key={type.name} type={type} name={nameOf(type.name)} />
        ))}
      </ul>
      {jobs.data && <SetAsideJobs jobs={jobs.data.setAside} />}
    </Card>
  );
}
