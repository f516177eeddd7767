import { Link, useNavigate } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { userSorts } from '@switchboard/core/users/schema';
import type { User } from '../../lib/api-types.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { DataTable, type Sort } from '../../ui/table/data-table.tsx';
import { columnsFor } from '../../ui/table/table-features.ts';
import { Time } from '../../ui/text/time.tsx';
import type { UsersSearch } from './search.ts';
import { UserMenu } from './user-menu.tsx';
import { UserState } from './user-state.tsx';

const column = columnsFor<User>();
const shownGroups = 3;

function NameCell({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <span className="flex items-center gap-1.5">
        <Link
          to="/users/$id"
          params={{ id: user.id }}
          className="block max-w-[16rem] truncate font-medium hover:underline max-sm:whitespace-normal"
        >
          {user.username}
        </Link>
        {user.mfaEnabled && (
          <>
            <ShieldCheck aria-hidden className="size-3.5 shrink-0 text-ok" />
            <span className="sr-only">{t('users.hasMfa')}</span>
          </>
        )}
      </span>
      <span className="block max-w-[16rem] truncate text-xs text-ink-3 max-sm:whitespace-normal max-sm:break-all">
        {[user.fullName, user.email].filter(Boolean).join(' · ')}
      </span>
      {(user.disabled || !user.approved) && <UserState user={user} className="text-xs @md:hidden" />}
    </div>
  );
}

function GroupsCell({ groups }: { groups: User['groups'] }) {
  const rest = groups.length - shownGroups;
  return (
    <span className="flex max-w-[16rem] flex-wrap gap-1">
      {groups.slice(0, shownGroups).map((group) => (
        <Badge key={group.id} tone={group.status === 'pending' ? 'warn' : 'neutral'}>
          {group.displayName}
        </Badge>
      ))}
      {rest > 0 && <span className="text-xs text-ink-3">+{rest}</span>}
    </span>
  );
}

function useColumns() {
  const { t } = useTranslation();
  return useMemo(
    () =>
      column.columns([
        column.accessor('username', {
          header: t('common.username'),
          sortFn: 'text',
          cell: ({ row }) => <NameCell user={row.original} />,
        }),
        column.accessor('role', {
          header: t('common.role'),
          sortFn: 'text',
          cell: ({ getValue }) => t(`role.${getValue()}`),
        }),
        column.accessor((user) => user.groups.length, {
          id: 'groups',
          header: t('common.groups'),
          enableSorting: false,
          meta: { className: 'hidden @2xl:table-cell' },
          cell: ({ row }) => <GroupsCell groups={row.original.groups} />,
        }),
        column.accessor((user) => String(user.disabled), {
          id: 'state',
          header: t('common.state'),
          enableSorting: false,
          meta: { className: 'hidden @md:table-cell' },
          cell: ({ row }) => <UserState user={row.original} />,
        }),
        column.accessor('lastLoginAt', {
          header: t('common.lastLogin'),
          sortFn: 'basic',
          meta: { className: 'hidden @lg:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} none={t('common.never')} />,
        }),
        column.accessor('createdAt', {
          header: t('common.created'),
          sortFn: 'basic',
          meta: { className: 'hidden @4xl:table-cell' },
          cell: ({ getValue }) => <Time value={getValue()} />,
        }),
        column.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          meta: { align: 'end' },
          cell: ({ row }) => <UserMenu user={row.original} />,
        }),
      ]),
    [t],
  );
}

interface UsersTableProps {
  users: User[] | undefined;
  search: UsersSearch;
  onSort: (sort: { sort: UsersSearch['sort']; order: Sort['order'] }) => void;
  empty: ReactNode;
}

export function UsersTable({ users, search, onSort, empty }: UsersTableProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <DataTable
      label={t('users.title')}
      columns={columns}
      data={users}
      rowId={(user) => user.id}
      sort={{ by: search.sort ?? 'username', order: search.order ?? 'asc' }}
      onSort={({ by, order }) => onSort({ sort: userSorts.find((each) => each === by), order })}
      onRow={(user) => void navigate({ to: '/users/$id', params: { id: user.id } })}
      empty={empty}
    />
  );
}
