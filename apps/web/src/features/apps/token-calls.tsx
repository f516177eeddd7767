import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Pager } from '../../ui/table/pager.tsx';
import { LogDrawer } from './log-drawer.tsx';
import { LogRows } from './log-rows.tsx';
import type { LogEntry, Token } from './types.ts';

const pageSize = 20;

/** What a token called since its calls were forgotten. */
export function TokenCalls({ token }: { token: Token }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const [page, setPage] = useState(1);
  const [shown, setShown] = useState<LogEntry>();
  const calls = useQuery(
    trpc.apps.logs.queryOptions(
      { page, limit: pageSize, token: token.id },
      { placeholderData: keepPreviousData, refetchInterval: page === 1 ? 5_000 : false },
    ),
  );
  const forget = useMutation(
    trpc.apps.state.forgetCalls.mutationOptions({
      onSuccess: () => setPage(1),
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.apps.logs.pathFilter()),
    }),
  );
  async function ask() {
    const question = {
      title: t('apps.token.forgetTitle'),
      body: t('apps.token.forgetBody'),
      action: t('apps.token.forget'),
    };
    if (await confirm(question)) forget.mutate({ id: token.id });
  }
  const total = calls.data?.total ?? 0;
  return (
    <Card
      flush
      title={t('apps.token.calls')}
      actions={
        <Button size="sm" busy={forget.isPending} disabled={total === 0} onClick={() => void ask()}>
          {t('apps.token.forget')}
        </Button>
      }
    >
      {calls.isError && !calls.data ? (
        <LoadFailed title={t('apps.log.loadFailed')} error={calls.error} onRetry={() => void calls.refetch()} />
      ) : (
        <LogRows
          narrow
          label={t('apps.token.calls')}
          entries={calls.data?.items}
          none={t('apps.token.noCalls')}
          onShow={setShown}
        />
      )}
      {total > pageSize && (
        <div className="border-t border-line px-4 pb-3">
          <Pager
            page={page}
            size={pageSize}
            total={total}
            label={t('apps.log.total', { count: total })}
            onPage={setPage}
          />
        </div>
      )}
      <LogDrawer entry={shown} onClose={() => setShown(undefined)} />
    </Card>
  );
}
