import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ListFilter, Plus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '@switchboard/core/access/schema';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { Pager } from '../../ui/table/pager.tsx';
import { AddManyDialog } from './add-many-dialog.tsx';
import { NewUserDialog } from './new-user-dialog.tsx';
import { UsersSearch, userStates } from './search.ts';
import { pageSize, useUsers } from './use-users.ts';
import { UsersTable } from './users-table.tsx';

type Change = { [Key in keyof UsersSearch]?: string | number | undefined };

function Filters({ search, onChange }: { search: UsersSearch; onChange: (change: Change) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const select = 'min-w-32 flex-1 sm:flex-none';
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-3">
      <SearchInput
        className="w-full sm:w-64"
        label={t('common.searchUsers')}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q })}
      />
      <Select
        compact
        className={select}
        aria-label={t('common.role')}
        value={search.role ?? ''}
        onChange={(event) => onChange({ role: event.target.value })}
      >
        <option value="">{t('users.anyRole')}</option>
        {roles.map((role) => (
          <option key={role} value={role}>
            {t(`role.${role}`)}
          </option>
        ))}
      </Select>
      <Select
        compact
        className={select}
        aria-label={t('common.state')}
        value={search.state ?? ''}
        onChange={(event) => onChange({ state: event.target.value })}
      >
        <option value="">{t('common.anyState')}</option>
        {userStates.map((state) => (
          <option key={state} value={state}>
            {t(`users.state.${state}`)}
          </option>
        ))}
      </Select>
      <Select
        compact
        className={select}
        aria-label={t('common.group')}
        value={search.group ?? ''}
        onChange={(event) => onChange({ group: event.target.value })}
      >
        <option value="">{t('users.anyGroup')}</option>
        {groups.data?.items.map((group) => (
          <option key={group.id} value={group.id}>
            {group.displayName}
          </option>
        ))}
      </Select>
    </div>
  );
}

export function UsersPage() {
  const { t } = useTranslation();
  const { me } = useInstance();
  const search = useSearch({ from: '/users' });
  const navigate = useNavigate({ from: '/users' });
  const [adding, setAdding] = useState(false);
  const [addingMany, setAddingMany] = useState(false);
  const settled = useSettled(JSON.stringify(search));
  const users = useUsers(JSON.parse(settled) as UsersSearch);
  function change(next: Change) {
    const cleaned = Object.entries({ page: undefined, ...next }).map(([key, value]) => [key, value || undefined]);
    void navigate({
      search: (old) => UsersSearch.parse({ ...old, ...Object.fromEntries(cleaned) }),
      replace: true,
    });
  }
  return (
    <Page
      title={t('users.title')}
      lead={t('users.lead')}
      actions={
        me?.can.listUsers && (
          <>
            <Link to="/access" className={buttonClass()}>
              {t('common.accessTable')}
            </Link>
            <Button icon={<UserPlus aria-hidden className="size-4" />} onClick={() => setAddingMany(true)}>
              {t('users.many.open')}
            </Button>
            <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
              {t('users.add')}
            </Button>
          </>
        )
      }
    >
      {users.isError && !users.data ? (
        <LoadFailed title={t('common.usersFailed')} error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <Card flush>
          <Filters search={search} onChange={change} />
          <UsersTable
            users={users.data?.items}
            search={search}
            onSort={change}
            empty={
              <Empty
                icon={<ListFilter />}
                title={t('common.noUserFits')}
                actions={<Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>}
              />
            }
          />
        </Card>
      )}
      {users.data && (
        <Pager
          page={search.page ?? 1}
          size={pageSize}
          total={users.data.total}
          label={t('users.shown', { count: users.data.total })}
          onPage={(page) => change({ page: page === 1 ? undefined : page })}
        />
      )}
      <AddManyDialog open={addingMany} onClose={() => setAddingMany(false)} />
      <NewUserDialog open={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}
