import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Layers2, ListFilter, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stack } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { EngineFailed } from '../../ui/feedback/engine-failed.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { AdoptDialog } from './adopt-dialog.tsx';
import { StacksTable } from './stacks-table.tsx';

function matches({ project, path, ownerName, services }: Stack, q: string) {
  return [project, path, ownerName, ...services.map(({ name }) => name)]
    .join(' ')
    .toLowerCase()
    .includes(q.trim().toLowerCase());
}

export function StacksPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { engine, q = '' } = useSearch({ from: '/engine/stacks' });
  const navigate = useNavigate({ from: '/stacks' });
  const [adopted, setAdopted] = useState<Stack | null>(null);
  const stacks = useQuery(trpc.stacks.list.queryOptions({ engine }));
  const shown = useMemo(() => stacks.data?.items.filter((stack) => matches(stack, q)), [stacks.data, q]);
  const own = shown?.filter(({ id }) => id !== null);
  const foreign = shown?.filter(({ id }) => id === null) ?? [];
  const nothingYet = stacks.data?.items.length === 0;
  const add = (
    <Link to="/stacks/new" search={{ engine }} className={buttonClass('primary')}>
      <Plus aria-hidden className="size-4" />
      {t('stacks.add')}
    </Link>
  );
  return (
    <Page title={t('stacks.title')} lead={t('stacks.lead')} actions={add}>
      {stacks.isError && !stacks.data ? (
        <EngineFailed title={t('stacks.loadFailed')} error={stacks.error} onRetry={() => void stacks.refetch()} />
      ) : (
        <div className="flex flex-col gap-6">
          <Card flush>
            {!nothingYet && (
              <div className="border-b border-line px-4 py-3">
                <SearchInput
                  className="w-full sm:w-64"
                  label={t('stacks.search')}
                  value={q}
                  onChange={(next) =>
                    void navigate({ search: (old) => ({ ...old, q: next || undefined }), replace: true })
                  }
                />
              </div>
            )}
            <StacksTable
              label={t('stacks.title')}
              stacks={own}
              onAdopt={setAdopted}
              empty={
                q === '' ? (
                  <Empty icon={<Layers2 />} title={t('stacks.none')} actions={add}>
                    {t('stacks.noneHint')}
                  </Empty>
                ) : (
                  <Empty icon={<ListFilter />} title={t('stacks.noMatch')} />
                )
              }
            />
          </Card>
          {foreign.length > 0 && (
            <Card flush title={t('stacks.foreign')}>
              <p className="border-b border-line px-4 py-2 text-sm text-ink-3">{t('stacks.foreignHint')}</p>
              <StacksTable label={t('stacks.foreign')} stacks={foreign} onAdopt={setAdopted} empty={null} />
            </Card>
          )}
        </div>
      )}
      <AdoptDialog stack={adopted} onClose={() => setAdopted(null)} />
    </Page>
  );
}
