import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import type { ListedApp } from './types.ts';
import { useAppActions } from './use-app-actions.ts';

const column = columnsFor<ListedApp>();

function NameCell({ app }: { app: ListedApp }) {
  return (
    <div className="min-w-0">
      <Link to="/simulator/$id" params={{ id: app.id }} className="font-medium wrap-anywhere hover:underline">
        {app.displayName}
      </Link>
      <span className="block font-mono text-xs break-all text-ink-3">
        {app.category}/{app.name}
      </span>
    </div>
  );
}

function OnOff({ app }: { app: ListedApp }) {
  const { t } = useTranslation();
  const { update } = useAppActions();
  if (!app.can.configure)
    return <Badge tone={app.enabled ? 'ok' : 'neutral'}>{t(app.enabled ? 'apps.on' : 'apps.off')}</Badge>;
  return (
    <Switch
      label={t('apps.answers', { name: app.displayName })}
      checked={app.enabled}
      disabled={update.isPending}
      onChange={(enabled) => update.mutate({ id: app.id, patch: { enabled } })}
    />
  );
}

function InHub({ app }: { app: ListedApp }) {
  if (app.serverId === null) return <span className="text-ink-3">–</span>;
  return (
    <Link
      to="/servers/$id"
      params={{ id: app.serverId }}
      className="text-accent-text underline underline-offset-2 wrap-anywhere"
    >
      {app.serverId}
    </Link>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('displayName', {
          header: t('apps.product'),
          meta: { className: '@md:w-2/5' },
          cell: ({ row }) => <NameCell app={row.original} />,
        }),
        column.display({
          id: 'actions',
          header: t('apps.tab.actions'),
          meta: { align: 'end', className: 'hidden tabular @md:table-cell' },
          cell: ({ row }) => row.original.actions.length,
        }),
        column.accessor('visibility', {
          header: t('apps.visibility'),
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ getValue }) => t(`apps.seenBy.${getValue()}`),
        }),
        column.accessor('serverId', {
          header: t('apps.inHub'),
          meta: { className: 'hidden @xl:table-cell' },
          cell: ({ row }) => <InHub app={row.original} />,
        }),
        column.accessor('ownerName', {
          header: t('common.owner'),
          meta: { className: 'hidden @3xl:table-cell' },
          cell: ({ getValue }) => getValue() ?? '–',
        }),
        column.display({
          id: 'enabled',
          header: t('common.state'),
          meta: { align: 'end' },
          cell: ({ row }) => <OnOff app={row.original} />,
        }),
      ]),
    [t],
  );
}

/** The apps of one category. */
export function AppsTable({ label, apps }: { label: string; apps: ListedApp[] | undefined }) {
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <DataTable
      label={label}
      columns={columns}
      data={apps}
      rowId={({ id }) => id}
      onRow={({ id }) => void navigate({ to: '/simulator/$id', params: { id } })}
      empty={null}
    />
  );
}
