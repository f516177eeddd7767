import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Hammer, Layers, ListFilter, Sparkles } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { Button } from '../../ui/form/button.tsx';
import { ListCard } from '../../ui/layout/list-card.tsx';
import { BuildDialog } from './build-dialog.tsx';
import { ImagesTable } from './images-table.tsx';
import { PruneImages } from './prune-images.tsx';
import { PullDialog } from './pull-dialog.tsx';
import { ImagesSearch } from './search.ts';

type ImageDialog = 'pull' | 'build' | 'prune' | null;

function matches({ id, tags, ownerName }: Image, q: string) {
  return [id, ...tags, ownerName].join(' ').toLowerCase().includes(q.trim().toLowerCase());
}

export function ImagesPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { engine, q = '', sort = 'name', order = 'asc' } = useSearch({ from: '/engine/sections/containers/images' });
  const navigate = useNavigate({ from: '/containers/images' });
  const [asked, setAsked] = useState<ImageDialog>(null);
  const images = useQuery(trpc.images.list.queryOptions({ engine }));
  const shown = useMemo(() => images.data?.filter((image) => matches(image, q)), [images.data, q]);
  function close() {
    setAsked(null);
  }
  if (images.isError && !images.data) {
    return <EngineFailed title={t('images.loadFailed')} error={images.error} onRetry={() => void images.refetch()} />;
  }
  const pull = (
    <Button look="primary" icon={<Download aria-hidden className="size-4" />} onClick={() => setAsked('pull')}>
      {t('images.pull')}
    </Button>
  );
  return (
    <>
      <ListCard
        search={{
          label: t('images.search'),
          value: q,
          onChange: (next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true }),
        }}
        actions={
          <>
            <Button icon={<Sparkles aria-hidden className="size-4" />} onClick={() => setAsked('prune')}>
              {t('images.prune')}
            </Button>
            <Button icon={<Hammer aria-hidden className="size-4" />} onClick={() => setAsked('build')}>
              {t('images.build')}
            </Button>
            {pull}
          </>
        }
      >
        <ImagesTable
          images={shown}
          sort={{ by: sort, order }}
          onSort={(next) =>
            void navigate({
              search: (old) => ({
                ...old,
                ...ImagesSearch.pick({ sort: true }).parse({ sort: next.by }),
                order: next.order,
              }),
              replace: true,
            })
          }
          empty={
            images.data?.length === 0 ? (
              <Empty icon={<Layers />} title={t('images.none')} actions={pull}>
                {t('images.noneHint')}
              </Empty>
            ) : (
              <Empty icon={<ListFilter />} title={t('images.noMatch')} />
            )
          }
        />
      </ListCard>
      <PullDialog open={asked === 'pull'} onClose={close} />
      <BuildDialog open={asked === 'build'} onClose={close} />
      <PruneImages open={asked === 'prune'} onClose={close} />
    </>
  );
}
