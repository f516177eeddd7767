import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes, ListFilter, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { GroupsTable } from './groups-table.tsx';
import { NewGroupDialog } from './new-group-dialog.tsx';
import { toTree } from './tree.ts';

export function GroupsPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const { q = '' } = useSearch({ from: '/groups' });
  const navigate = useNavigate({ from: '/groups' });
  const [adding, setAdding] = useState(false);
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const rows = useMemo(() => {
    function fits(text: string) {
      return text.toLowerCase().includes(q.trim().toLowerCase());
    }
    return (
      groups.data &&
      toTree(groups.data.items.filter((group) => fits(`${group.displayName} ${group.id} ${group.description}`)))
    );
  }, [groups.data, q]);
  const nothingYet = groups.data?.total === 0;
  const add = me?.can.createGroup === true && (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(true)}>
      {t('groups.add')}
    </Button>
  );
  return (
    <Page title={t('common.groups')} lead={t('groups.lead')} actions={add}>
      {groups.isError && !groups.data ? (
        <LoadFailed title={t('groups.loadFailed')} error={groups.error} onRetry={() => void groups.refetch()} />
      ) : (
        <Card flush>
          {!nothingYet && (
            <div className="border-b border-line px-4 py-3">
              <SearchInput
                className="w-full sm:w-64"
                label={t('groups.search')}
                value={q}
                onChange={(next) => void navigate({ search: { q: next || undefined }, replace: true })}
              />
            </div>
          )}
          <GroupsTable
            rows={rows}
            empty={
              nothingYet ? (
                <Empty icon={<Boxes />} title={t('common.noGroups')} actions={add}>
                  {t(me?.can.createGroup === true ? 'groups.noneHint' : 'groups.noneYours')}
                </Empty>
              ) : (
                <Empty icon={<ListFilter />} title={t('groups.noMatch')} />
              )
            }
          />
        </Card>
      )}
      <NewGroupDialog open={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}
