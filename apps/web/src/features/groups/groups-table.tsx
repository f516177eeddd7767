import { Link, useNavigate } from '@tanstack/react-router';
import { CornerDownRight } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '../../lib/api-types.ts';
import { count } from '../../lib/format.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { DataTable } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import type { TreeRow } from './tree.ts';

type Row = TreeRow<Group>;
const column = columnsFor<Row>();
const indents = ['', 'pl-5', 'pl-10', 'pl-15', 'pl-20'];

function NameCell({ row: { item: group, depth } }: { row: Row }) {
  const { t } = useTranslation();
  return (
    <div className={`flex min-w-0 gap-2 ${indents[Math.min(depth, indents.length - 1)]}`}>
      {depth > 0 && <CornerDownRight aria-hidden className="mt-1 size-3.5 shrink-0 text-ink-3" />}
      <div className="min-w-0">
        <Link
          to="/groups/$id"
          params={{ id: group.id }}
          className="block max-w-[18rem] truncate font-medium hover:underline max-sm:whitespace-normal"
        >
          {group.displayName}
        </Link>
        <span className="block max-w-[18rem] truncate font-mono text-xs text-ink-3">{group.id}</span>
        {depth > 0 && <span className="sr-only">{t('groups.below', { name: group.parentGroup })}</span>}
      </div>
    </div>
  );
}

function useColumns() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () =>
      column.columns([
        column.accessor((row) => row.item.displayName, {
          id: 'name',
          header: t('common.name'),
          cell: ({ row }) => <NameCell row={row.original} />,
        }),
        column.accessor((row) => row.item.memberCount, {
          id: 'members',
          header: t('groups.members'),
          meta: { className: 'tabular' },
          cell: ({ row: { original } }) => (
            <span className="flex flex-wrap items-center gap-2">
              {count(original.item.memberCount, language)}
              {original.item.pendingCount > 0 && original.item.can.members && (
                <Badge tone="warn">{t('groups.waiting', { count: original.item.pendingCount })}</Badge>
              )}
            </span>
          ),
        }),
        column.accessor((row) => row.item.serverCount, {
          id: 'servers',
          header: t('common.servers'),
          meta: { className: 'tabular' },
          cell: ({ getValue }) => count(getValue(), language),
        }),
        column.display({
          id: 'permissions',
          header: t('groups.gives'),
          meta: { className: 'hidden @xl:table-cell' },
          cell: ({ row }) => (
            <span className="flex flex-wrap gap-1">
              {row.original.item.permissions.servers.map((each) => (
                <Badge key={each}>{t(`permission.${each}`)}</Badge>
              ))}
            </span>
          ),
        }),
        column.display({
          id: 'membership',
          header: t('groups.you'),
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ row: { original } }) =>
            original.item.membership === null ? (
              <span className="text-ink-3">–</span>
            ) : (
              t(`member.${original.item.membership}`)
            ),
        }),
      ]),
    [t, language],
  );
}

export function GroupsTable({ rows, empty }: { rows: Row[] | undefined; empty: ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <DataTable
      label={t('common.groups')}
      columns={columns}
      data={rows}
      rowId={(row) => row.item.id}
      onRow={(row) => void navigate({ to: '/groups/$id', params: { id: row.item.id } })}
      empty={empty}
    />
  );
}
