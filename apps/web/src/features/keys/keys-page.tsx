import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Callout } from '../../ui/callout.tsx';
import { Card } from '../../ui/card.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { columnsFor } from '../../ui/table-features.ts';
import { Time } from '../../ui/time.tsx';
import { useToast } from '../../ui/toast.tsx';
import { useLatest } from '../../ui/use-latest.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';

const column = columnsFor<ApiKey>();

function useRevoke() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const confirm = useConfirm();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: () => toast.ok(t('keys.revoked')),
      onError: (error) => toast.bad(t('keys.revokeFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.keys.list.pathFilter()),
    }),
  );
  const ask = async (key: ApiKey) => {
    const yes = await confirm({
      title: t('keys.revokeTitle', { name: key.name }),
      body: t('keys.revokeBody', { prefix: key.prefix }),
      action: t('keys.revoke'),
    });
    if (yes) revoke.mutate({ id: key.id });
  };
  return useLatest((key: ApiKey) => void ask(key));
}

function useColumns() {
  const { t } = useTranslation();
  const revoke = useRevoke();
  return useMemo(
    () =>
      column.columns([
        column.accessor('name', {
          header: t('keys.name'),
          cell: ({ getValue }) => <span className="font-medium">{getValue()}</span>,
        }),
        column.accessor('prefix', {
          header: t('keys.key'),
          cell: ({ getValue }) => <code className="font-mono text-sm text-ink-2">{getValue()}…</code>,
        }),
        column.accessor('lastUsedAt', {
          header: t('keys.lastUsed'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} none={t('servers.never')} />,
        }),
        column.accessor('expiresAt', {
          header: t('keys.expires'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} none={t('servers.never')} />,
        }),
        column.accessor('createdAt', {
          header: t('keys.created'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('servers.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row: { original: key } }) => (
            <Button
              size="sm"
              look="ghost"
              className="text-bad!"
              aria-label={t('keys.revokeOf', { name: key.name })}
              onClick={() => revoke(key)}
            >
              {t('keys.revoke')}
            </Button>
          ),
        }),
      ]),
    [t, revoke],
  );
}

export function KeysPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const keys = useQuery(trpc.keys.list.queryOptions());
  const columns = useColumns();
  const add = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setCreating(true)}>
      {t('keys.create')}
    </Button>
  );
  return (
    <Page title={t('nav.keys')} lead={t('keys.lead')} actions={add}>
      {keys.isError && !keys.data ? (
        <Callout
          tone="bad"
          title={t('keys.loadFailed')}
          actions={
            <Button size="sm" onClick={() => void keys.refetch()}>
              {t('common.retry')}
            </Button>
          }
        >
          {toFailure(keys.error).message}
        </Callout>
      ) : (
        <Card flush>
          <DataTable
            label={t('nav.keys')}
            columns={columns}
            data={keys.data}
            rowId={(key) => key.id}
            empty={
              <Empty
                icon={<KeyRound />}
                title={t('keys.none')}
                actions={<Button onClick={() => setCreating(true)}>{t('keys.create')}</Button>}
              >
                {t('keys.noneHint')}
              </Empty>
            }
          />
        </Card>
      )}
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
    </Page>
  );
}
