import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import type { Token } from './types.ts';

const column = columnsFor<Token>();

function OnOff({ token }: { token: Token }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const update = useMutation(
    trpc.apps.tokens.update.mutationOptions({
      onError: (error) => toast.bad(t('common.actionFailed'), toFailure(error).message),
      onSettled: () => queryClient.invalidateQueries(trpc.apps.tokens.pathFilter()),
    }),
  );
  return (
    <Switch
      label={t('apps.token.works', { name: token.description || token.shown })}
      checked={token.enabled}
      disabled={update.isPending}
      onChange={(enabled) => update.mutate({ id: token.id, patch: { enabled } })}
    />
  );
}

function useColumns(withOwner: boolean) {
  const { t } = useTranslation();
  return useMemo(() => {
    const name = column.accessor('description', {
      header: t('common.description'),
      cell: ({ row: { original: token } }) => (
        <div className="min-w-0">
          <Link
            to="/simulator/tokens/$id"
            params={{ id: token.id }}
            className="font-medium wrap-anywhere hover:underline"
          >
            {token.description || t('apps.token.unnamed')}
          </Link>
          <span className="block font-mono text-xs text-ink-3">{token.shown}</span>
        </div>
      ),
    });
    const rest = [
      column.display({
        id: 'apps',
        header: t('apps.section.apps'),
        meta: { align: 'end', className: 'hidden tabular @md:table-cell' },
        cell: ({ row }) => row.original.apps.length,
      }),
      column.accessor('profile', {
        header: t('apps.profile.title'),
        meta: { className: 'hidden @2xl:table-cell' },
        cell: ({ getValue }) => {
          const profile = getValue();
          return profile === null ? '–' : <Badge tone="warn">{t(`apps.profile.${profile}`)}</Badge>;
        },
      }),
      column.accessor('lastUsedAt', {
        header: t('apps.token.lastUsed'),
        meta: { className: 'hidden @xl:table-cell' },
        cell: ({ getValue }) => <Time value={getValue()} none={t('common.never')} />,
      }),
    ];
    const owner = column.accessor('ownerName', {
      header: t('common.owner'),
      meta: { className: 'hidden @3xl:table-cell' },
      cell: ({ getValue }) => getValue() ?? '–',
    });
    const state = column.display({
      id: 'enabled',
      header: t('common.state'),
      meta: { align: 'end' },
      cell: ({ row }) => <OnOff token={row.original} />,
    });
    return column.columns([name, ...rest, ...(withOwner ? [owner] : []), state]);
  }, [t, withOwner]);
}

export function TokensTable({ tokens, withOwner }: { tokens: Token[] | undefined; withOwner: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns(withOwner);
  return (
    <DataTable
      label={t('apps.section.tokens')}
      columns={columns}
      data={tokens}
      rowId={({ id }) => id}
      onRow={({ id }) => void navigate({ to: '/simulator/tokens/$id', params: { id } })}
      empty={
        <Empty icon={<KeyRound />} title={t('apps.token.none')}>
          {t('apps.token.noneHint')}
        </Empty>
      }
    />
  );
}
