import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListFilter, Network as Icon, Plus, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Network } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { ListCard } from '../../ui/layout/list-card.tsx';
import { NetworksTable } from './networks-table.tsx';
import { NewNetworkDialog } from './new-network-dialog.tsx';
import { PruneNetworks } from './prune-networks.tsx';
import { NetworksSearch } from './search.ts';

function matches({ name, driver, project, ownerName, subnets }: Network, q: string) {
  return [name, driver, project, ownerName, ...subnets].join(' ').toLowerCase().includes(q.trim().toLowerCase());
}

export function NetworksPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { engine, q = '', sort = 'name', order = 'asc' } = useSearch({ from: '/engine/sections/containers/networks' });
  const navigate = useNavigate({ from: '/containers/networks' });
  const [asked, setAsked] = useState<'add' | 'prune' | null>(null);
  const networks = useQuery(trpc.networks.list.queryOptions({ engine }));
  const shown = useMemo(() => networks.data?.filter((network) => matches(network, q)), [networks.data, q]);
  if (networks.isError && !networks.data) {
    return (
      <EngineFailed title={t('networks.loadFailed')} error={networks.error} onRetry={() => void networks.refetch()} />
    );
  }
  const add = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAsked('add')}>
      {t('networks.add')}
    </Button>
  );
  return (
    <>
      <ListCard
        search={{
          label: t('networks.search'),
          value: q,
          onChange: (next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true }),
        }}
        actions={
          <>
            <Button icon={<Sparkles aria-hidden className="size-4" />} onClick={() => setAsked('prune')}>
              {t('networks.prune')}
            </Button>
            {add}
          </>
        }
      >
        <NetworksTable
          networks={shown}
          sort={{ by: sort, order }}
          onSort={(next) =>
            void navigate({
              search: (old) => ({
                ...old,
                ...NetworksSearch.pick({ sort: true }).parse({ sort: next.by }),
                order: next.order,
              }),
              replace: true,
            })
          }
          empty={
            networks.data?.length === 0 ? (
              <Empty icon={<Icon />} title={t('networks.none')} actions={add}>
                {t('networks.noneHint')}
              </Empty>
            ) : (
              <Empty icon={<ListFilter />} title={t('networks.noMatch')} />
            )
          }
        />
      </ListCard>
      <NewNetworkDialog open={asked === 'add'} onClose={() => setAsked(null)} />
      <PruneNetworks open={asked === 'prune'} onClose={() => setAsked(null)} />
    </>
  );
}
