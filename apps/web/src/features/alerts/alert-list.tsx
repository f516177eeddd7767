import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellOff, Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AlertSeverity } from '@switchboard/core/alerts/schema';
import { tellReason } from '../../lib/reasons.ts';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { LoadMore } from '../../ui/table/load-more.tsx';
import { Time } from '../../ui/text/time.tsx';
import { Severity } from './severity.tsx';
import { useRuleName } from './use-rule-in-words.ts';

type Alert = Outputs['alerts']['list']['items'][number];

function useAcknowledge() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation(
    trpc.alerts.acknowledge.mutationOptions({
      onSuccess: () => toast.ok(t('alerts.acknowledged')),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.alerts.list.pathFilter()),
    }),
  );
}

function AlertRow({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const acknowledge = useAcknowledge();
  const nameOf = useRuleName();
  const { reason, detail, serverId, acknowledged, resolvedAt } = alert;
  const text = tellReason(reason, reason.text, t);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-0">
      <div className="w-24 shrink-0 pt-0.5">
        <Severity value={alert.severity} />
      </div>
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium break-words">{text}</p>
        {detail !== null && <p className="text-sm break-words text-ink-2">{detail}</p>}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
          <span>{nameOf(alert.rule)}</span>
          <span>
            {t('alerts.since')} <Time value={alert.since} />
          </span>
          {resolvedAt !== null && (
            <span>
              {t('alerts.over')} <Time value={resolvedAt} />
            </span>
          )}
          {serverId !== null && (
            <Link to="/servers/$id/logs" params={{ id: serverId }} className="text-accent-text hover:underline">
              {t('alerts.toServer')}
            </Link>
          )}
        </p>
      </div>
      {acknowledged && <Badge>{t('alerts.takenBy', { name: acknowledged.by ?? '–' })}</Badge>}
      {alert.can.acknowledge && (
        <Button
          size="sm"
          busy={acknowledge.isPending}
          icon={<Check aria-hidden className="size-3.5" />}
          aria-label={t('alerts.acknowledgeOf', { text })}
          onClick={() => acknowledge.mutate({ id: alert.id })}
        >
          {t('alerts.acknowledge')}
        </Button>
      )}
    </li>
  );
}

interface AlertListProps {
  state: 'open' | 'resolved';
  severity: AlertSeverity | undefined;
}

/** Alerts that are open, or that are over, newest first. */
export function AlertList({ state, severity }: AlertListProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.alerts.list.infiniteQueryOptions(
      { state, ...(severity && { severity }) },
      { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
    ),
  );
  const items = query.data?.pages.flatMap((page) => page.items);
  if (query.isError && !items) {
    return (
      <div className="p-4">
        <LoadFailed title={t('alerts.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!items) return <SkeletonRows rows={4} className="h-16" />;
  if (items.length === 0) {
    return (
      <Empty icon={<BellOff />} title={t(`alerts.none.${state}`)}>
        {t('alerts.noneHint')}
      </Empty>
    );
  }
  return (
    <>
      <ul aria-label={t(`alerts.tabs.${state}`)}>
        {items.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
      <LoadMore query={query} searchedTo={null} />
    </>
  );
}
