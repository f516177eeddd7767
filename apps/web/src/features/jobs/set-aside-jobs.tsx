import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { RemoveButton } from '../../ui/table/remove-button.tsx';
import { Time } from '../../ui/text/time.tsx';
import { useJobName } from './use-job-name.ts';

type SetAsideJob = Outputs['jobs']['list']['setAside'][number];

function Row({ job, name }: { job: SetAsideJob; name: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  function settled(done: string) {
    return {
      onSuccess: () => toast.ok(done),
      onError: (error: unknown) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.jobs.list.pathFilter()),
    };
  }
  const retry = useMutation(trpc.jobs.retry.mutationOptions(settled(t('jobs.retried'))));
  const drop = useMutation(trpc.jobs.drop.mutationOptions(settled(t('jobs.dropped'))));
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{name}</span>
          <span className="text-sm text-ink-3">
            {t('jobs.tries', { count: job.tries })} · <Time value={job.at} />
          </span>
        </p>
        <p className="text-sm break-words text-ink-2">{job.reason}</p>
        <code className="block truncate font-mono text-xs text-ink-3">{JSON.stringify(job.input)}</code>
      </div>
      <Button
        size="sm"
        busy={retry.isPending}
        icon={<RotateCw aria-hidden className="size-3.5" />}
        aria-label={t('jobs.retryOf', { name })}
        onClick={() => retry.mutate({ id: job.id })}
      >
        {t('jobs.retry')}
      </Button>
      <RemoveButton
        label={t('jobs.dropOf', { name })}
        busy={drop.isPending}
        question={{ title: t('jobs.dropTitle'), body: t('jobs.dropBody'), action: t('jobs.drop') }}
        onRemove={() => drop.mutate({ id: job.id })}
      />
    </li>
  );
}

/** Jobs that nobody runs until somebody decides about them. */
export function SetAsideJobs({ jobs }: { jobs: readonly SetAsideJob[] }) {
  const { t } = useTranslation();
  const nameOf = useJobName();
  if (jobs.length === 0) return null;
  return (
    <section aria-label={t('jobs.setAside')}>
      <h3 className="border-t border-line bg-sunken px-4 py-2 text-sm font-semibold">{t('jobs.setAside')}</h3>
      <ul>
        {jobs.map((job) => (
          <Row key={job.id} job={job} name={nameOf(job.type)} />
        ))}
      </ul>
    </section>
  );
}
