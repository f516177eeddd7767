import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { TestTubes } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SearchInput } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { FilterSelect } from '../../ui/table/filter-select.tsx';
import { AddApps } from './add-apps.tsx';
import { AppsTable } from './apps-table.tsx';
import { byCategory, categoriesOf, fitting } from './catalogue.ts';
import { Sections } from './sections.tsx';
import type { ListedApp } from './types.ts';

function NoApps() {
  const { t } = useTranslation();
  const { me } = useInstance();
  return (
    <Card>
      <Empty icon={<TestTubes />} title={t('apps.none')}>
        <p>{t('apps.noneHint')}</p>
        <p>{t(me?.can.createApp ? 'apps.noneNext' : 'apps.noneWait')}</p>
      </Empty>
    </Card>
  );
}

function Catalogue({ apps }: { apps: ListedApp[] }) {
  const { t } = useTranslation();
  const { q = '', category } = useSearch({ from: '/simulator' });
  const navigate = useNavigate({ from: '/simulator' });
  const groups = useMemo(() => byCategory(fitting(apps, q, category)), [apps, q, category]);
  const categories = useMemo(() => categoriesOf(apps), [apps]);
  const shown = groups.reduce((sum, [, list]) => sum + list.length, 0);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput
          className="w-full sm:w-64"
          label={t('apps.search')}
          value={q}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, q: next === '' ? undefined : next }), replace: true })
          }
        />
        <FilterSelect
          label={t('apps.category')}
          any={t('apps.anyCategory')}
          value={category}
          options={categories.map((value) => ({ value, text: value }))}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, category: next === '' ? undefined : next }) })
          }
        />
        <p role="status" className="text-sm text-ink-3 sm:ml-auto">
          {t('apps.shown', { count: apps.length, shown })}
        </p>
      </div>
      {groups.length === 0 && (
        <Card>
          <Empty title={t('apps.noMatch')} />
        </Card>
      )}
      {groups.map(([name, list]) => (
        <Card key={name} flush title={name}>
          <AppsTable label={name} apps={list} />
        </Card>
      ))}
    </div>
  );
}

/** The catalogue of simulated products. */
export function SimulatorPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const apps = useQuery(trpc.apps.list.queryOptions());
  const categories = useMemo(() => categoriesOf(apps.data ?? []), [apps.data]);
  return (
    <Page title={t('apps.title')} lead={t('apps.lead')} actions={<AddApps categories={categories} />}>
      <Sections />
      {apps.isError && !apps.data ? (
        <LoadFailed title={t('apps.loadFailed')} error={apps.error} onRetry={() => void apps.refetch()} />
      ) : apps.data === undefined ? (
        <Card flush>
          <AppsTable label={t('apps.title')} apps={undefined} />
        </Card>
      ) : apps.data.length === 0 ? (
        <NoApps />
      ) : (
        <Catalogue apps={apps.data} />
      )}
    </Page>
  );
}
