import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { sections } from '@switchboard/core/configuration/schema';
import { useTRPC } from '../../lib/trpc.ts';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { sectionWords } from './fields.ts';
import { SectionForm } from './section-form.tsx';
import { SectionHistory } from './section-history.tsx';

function SectionList() {
  const { t } = useTranslation();
  const chosen = useSearch({ from: '/settings/configuration' }).section ?? 'smtp';
  return (
    <nav aria-label={t('settings.configuration')}>
      <ul className="flex flex-wrap gap-1 lg:flex-col">
        {sections.map((section) => (
          <li key={section}>
            <Link
              to="/settings/configuration"
              search={{ section }}
              aria-current={section === chosen ? 'page' : undefined}
              className="block rounded-md px-3 py-1.5 font-medium text-ink-2 hover:bg-hover hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent-text"
            >
              {t(sectionWords[section].title)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Everything that can be set while the hub runs, a section at a time, with its history. */
export function ConfigurationPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { section = 'smtp', history } = useSearch({ from: '/settings/configuration' });
  const navigate = useNavigate({ from: '/settings/configuration' });
  const query = useQuery(trpc.configuration.get.queryOptions());
  return (
    <Page
      title={t('settings.configuration')}
      lead={t('settings.configurationLead')}
      above={
        <Breadcrumb>
          <Link to="/settings">{t('common.settings')}</Link>
        </Breadcrumb>
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]">
        <SectionList />
        <div className="flex min-w-0 flex-col gap-4">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 className="text-lg font-semibold">{t(sectionWords[section].title)}</h2>
            <Segmented
              small
              label={t('settings.view')}
              value={history ? 'history' : 'form'}
              onChange={(next) =>
                void navigate({ search: { section, ...(next === 'history' && { history: true as const }) } })
              }
              options={[
                { value: 'form', label: t('settings.values') },
                { value: 'history', label: t('settings.historyOf') },
              ]}
            />
          </div>
          {query.isError && !query.data && (
            <LoadFailed title={t('settings.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
          )}
          {!query.data && !query.isError && <Skeleton className="h-72 rounded-lg" />}
          {query.data &&
            (history ? <SectionHistory /> : <SectionForm key={section} section={section} configuration={query.data} />)}
        </div>
      </div>
    </Page>
  );
}
