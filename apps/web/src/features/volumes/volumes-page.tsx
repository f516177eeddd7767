import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Database, ListFilter, Plus, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Volume } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { ListCard } from '../../ui/layout/list-card.tsx';
import { NewVolumeDialog } from './new-volume-dialog.tsx';
import { PruneVolumes } from './prune-volumes.tsx';
import { VolumesSearch } from './search.ts';
import { VolumesTable } from './volumes-table.tsx';

function matches({ name, driver, project, ownerName }: Volume, q: string) {
  return [name, driver, project, ownerName].join(' ').toLowerCase().includes(q.trim().toLowerCase());
}

export function VolumesPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { engine, q = '', sort = 'name', order = 'asc' } = useSearch({ from: '/engine/sections/containers/volumes' });
  const navigate = useNavigate({ from: '/containers/volumes' });
  const [asked, setAsked] = useState<'add' | 'prune' | null>(null);
  const volumes = useQuery(trpc.volumes.list.queryOptions({ engine }));
  const shown = useMemo(() => volumes.data?.filter((volume) => matches(volume, q)), [volumes.data, q]);
  if (volumes.isError && !volumes.data) {
    return (
      <EngineFailed title={t('volumes.loadFailed')} error={volumes.error} onRetry={() => void volumes.refetch()} />
    );
  }
  const add = (
    <Button look="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAsked('add')}>
      {t('volumes.add')}
    </Button>
  );
  return (
    <>
      <ListCard
        search={{
          label: t('volumes.search'),
          value: q,
          onChange: (next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true }),
        }}
        actions={
          <>
            <Button icon={<Sparkles aria-hidden className="size-4" />} onClick={() => setAsked('prune')}>
              {t('volumes.prune')}
            </Button>
            {add}
          </>
        }
      >
        <VolumesTable
          volumes={shown}
          sort={{ by: sort, order }}
          onSort={(next) =>
            void navigate({
              search: (old) => ({
                ...old,
                ...VolumesSearch.pick({ sort: true }).parse({ sort: next.by }),
                order: next.order,
              }),
              replace: true,
            })
          }
          empty={
            volumes.data?.length === 0 ? (
              <Empty icon={<Database />} title={t('volumes.none')} actions={add}>
                {t('volumes.noneHint')}
              </Empty>
            ) : (
              <Empty icon={<ListFilter />} title={t('volumes.noMatch')} />
            )
          }
        />
      </ListCard>
      <NewVolumeDialog open={asked === 'add'} onClose={() => setAsked(null)} />
      <PruneVolumes open={asked === 'prune'} onClose={() => setAsked(null)} />
    </>
  );
}
