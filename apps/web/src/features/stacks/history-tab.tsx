import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { History, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadFailed } from '../../ui/load-failed.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToast } from '../../ui/toast.tsx';
import { VersionList } from '../../ui/version-list.tsx';
import { useStackPage } from './stack-context.ts';
import { VersionChanges } from './version-changes.tsx';

/** Rolls the stack back after a question. */
function useRollBack(onDone: () => void) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const { stack } = useStackPage();
  const restore = useMutation(
    trpc.stacks.restore.mutationOptions({
      onSuccess: (next, { number }) => {
        queryClient.setQueryData(trpc.stacks.get.queryKey({ id: stack.id }), next);
        void queryClient.invalidateQueries(trpc.stacks.versions.pathFilter());
        toast.ok(t('versions.restored', { number }));
        onDone();
      },
    }),
  );
  async function ask(number: number) {
    restore.reset();
    const yes = await confirm({
      title: t('stacks.rollBackTitle', { name: stack.project, number }),
      body: t('stacks.rollBackBody', { number }),
      action: t('versions.rollBack'),
      danger: false,
    });
    if (yes) restore.mutate({ id: stack.id, number });
  }
  return { ask, restore };
}

/** What the stack was after each of its changes, and the way back. */
export function StackHistoryTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { stack, busy } = useStackPage();
  const { version, against } = useSearch({ from: '/engine/stacks/$id/history' });
  const navigate = useNavigate({ from: '/stacks/$id/history' });
  const query = useQuery(trpc.stacks.versions.queryOptions({ id: stack.id }));
  function show(next: { version?: number | undefined; against?: 'now' | undefined }) {
    void navigate({ search: next, replace: true });
  }
  const { ask, restore } = useRollBack(() => show({}));
  if (query.isError) {
    return <LoadFailed title={t('versions.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return <Skeleton className="h-56 rounded-lg" />;
  const { versions, most } = query.data;
  const [newest] = versions;
  const chosen = versions.find(({ number }) => number === version) ?? newest;
  if (!newest || !chosen) {
    return (
      <Card>
        <Empty icon={<History />} title={t('versions.none')}>
          {t('versions.noneHint')}
        </Empty>
      </Card>
    );
  }
  const { number } = chosen;
  const before = versions.find((one) => one.number < number);
  const isNewest = number === newest.number;
  const withNow = !isNewest && against === 'now';
  const from = withNow ? newest : before;
  const failure = restore.error && restore.variables?.number === number ? toFailure(restore.error) : null;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Card flush title={t('versions.list')}>
        <VersionList versions={versions} chosen={number} onChoose={(next) => show({ version: next, against })} />
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">{t('versions.most', { count: most })}</p>
      </Card>
      <Card
        title={t('versions.number', { number })}
        actions={
          !isNewest && (
            <Button
              size="sm"
              busy={restore.isPending}
              disabled={busy}
              icon={<Undo2 aria-hidden className="size-3.5" />}
              onClick={() => void ask(number)}
            >
              {t('versions.rollBack')}
            </Button>
          )
        }
      >
        <div className="flex flex-col gap-5">
          {failure && (
            <Callout alert tone="bad" title={t('versions.refused')}>
              {failure.message}
            </Callout>
          )}
          {!isNewest && (
            <Segmented
              small
              label={t('versions.compare')}
              value={withNow ? 'now' : 'before'}
              onChange={(next) => show({ version: number, against: next === 'now' ? 'now' : undefined })}
              options={[
                { value: 'before', label: t('versions.againstBefore') },
                { value: 'now', label: t('versions.againstNow') },
              ]}
            />
          )}
          {from ? (
            <VersionChanges id={stack.id} from={from.number} to={number} />
          ) : (
            <p className="text-sm text-ink-3">{t('versions.first')}</p>
          )}
        </div>
      </Card>
    </div>
  );
}
