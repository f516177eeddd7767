import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { LoadMore } from '../../ui/table/load-more.tsx';
import { Code } from '../../ui/text/code.tsx';
import { Time } from '../../ui/text/time.tsx';

type Delivery = Outputs['webhooks']['deliveries']['items'][number];

const tones = { waiting: 'accent', delivered: 'ok', failed: 'bad' } as const;
const refreshMs = 5_000;

function Row({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const again = useMutation(
    trpc.webhooks.redeliver.mutationOptions({
      onSuccess: () => toast.ok(t('webhooks.toldAgain')),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.webhooks.deliveries.pathFilter()),
    }),
  );
  const { type, state, status, attempts, error, request, answer, createdAt } = delivery;
  return (
    <li className="border-b border-line py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tones[state]}>{t(`webhooks.state.${state}`)}</Badge>
        <code className="font-mono text-sm">{type}</code>
        <span className="text-sm text-ink-3">
          <Time value={createdAt} /> · {t('webhooks.attempts', { count: attempts })}
          {status !== null && ` · ${status}`}
        </span>
        <Button
          size="sm"
          className="ml-auto"
          busy={again.isPending}
          icon={<RotateCw aria-hidden className="size-3.5" />}
          onClick={() => again.mutate({ id: delivery.id })}
        >
          {t('webhooks.again')}
        </Button>
      </div>
      {error !== null && <p className="mt-1 text-sm break-words text-bad">{error}</p>}
      <details className="mt-2">
        <summary className="min-h-6 cursor-pointer text-sm text-ink-2">{t('webhooks.exchange')}</summary>
        <div className="mt-2 flex flex-col gap-2">
          <Code text={request} label={t('webhooks.request')} />
          {answer !== null && answer !== '' && <Code text={answer} label={t('webhooks.answer')} />}
        </div>
      </details>
    </li>
  );
}

/** What a webhook was told, and what it answered. */
export function Deliveries({ webhook, onClose }: { webhook: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.webhooks.deliveries.infiniteQueryOptions(
      { id: webhook.id, limit: 25 },
      {
        getNextPageParam: (page) => page.nextCursor,
        refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? refreshMs : false),
      },
    ),
  );
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <Dialog shape="right" open onClose={onClose} title={t('webhooks.deliveriesOf', { name: webhook.name })}>
      {query.isError && !items && (
        <LoadFailed title={t('webhooks.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <SkeletonRows rows={5} />}
      {items?.length === 0 && <Empty title={t('webhooks.noDeliveries')} />}
      <ul>
        {items?.map((delivery) => (
          <Row key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      <LoadMore query={query} searchedTo={null} />
    </Dialog>
  );
}
