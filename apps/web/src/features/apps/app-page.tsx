import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Absent } from '../../ui/feedback/absent.tsx';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';
import { CopyText } from '../../ui/text/copy.tsx';
import { AppContext } from './app-context.ts';
import { ShowInHub } from './show-in-hub.tsx';
import type { App } from './types.ts';

const tabs = [
  { to: '/simulator/$id', key: 'actions' },
  { to: '/simulator/$id/try', key: 'try' },
  { to: '/simulator/$id/recordings', key: 'recordings' },
  { to: '/simulator/$id/faults', key: 'faults' },
  { to: '/simulator/$id/settings', key: 'settings' },
  { to: '/simulator/$id/connect', key: 'connect' },
] as const;

function Crumb() {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/simulator">{t('apps.title')}</Link>
    </Breadcrumb>
  );
}

function isShown(key: (typeof tabs)[number]['key'], can: App['can'] | undefined): boolean {
  if (key === 'try') return can?.use !== false;
  return key === 'actions' || key === 'connect' || can?.configure !== false;
}

function Tabs({ id, can }: { id: string; can: App['can'] | undefined }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  return (
    <nav ref={strip} aria-label={t('apps.parts')} className={tabList}>
      {tabs
        .filter(({ key }) => isShown(key, can))
        .map(({ to, key }) => (
          <Link
            key={to}
            to={to}
            params={{ id }}
            activeOptions={{ exact: true, includeSearch: false }}
            className={linkTab}
          >
            {t(`apps.tab.${key}`)}
          </Link>
        ))}
    </nav>
  );
}

function Heading({ app }: { app: App | undefined }) {
  const { t } = useTranslation();
  if (!app) return <Skeleton className="my-2 h-6 w-48" />;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="wrap-anywhere">{app.displayName}</span>
      {!app.enabled && <Badge>{t('apps.off')}</Badge>}
      {app.profile !== null && <Badge tone="warn">{t(`apps.profile.${app.profile}`)}</Badge>}
    </span>
  );
}

export function AppPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useParams({ from: '/simulator/$id' });
  const query = useQuery(trpc.apps.get.queryOptions({ id }));
  const app = query.data;
  if (!app && query.isError) {
    const back = (
      <Link to="/simulator" className={buttonClass('secondary')}>
        {t('apps.title')}
      </Link>
    );
    return (
      <Absent
        title={id}
        above={<Crumb />}
        error={query.error}
        onRetry={() => void query.refetch()}
        failed={t('apps.oneFailed')}
        gone={{ title: t('apps.gone'), hint: t('common.serverGone'), back }}
      />
    );
  }
  return (
    <Page
      title={app?.displayName ?? id}
      above={<Crumb />}
      heading={<Heading app={app} />}
      lead={app && <CopyText text={`${app.category}/${app.name}`} className="text-ink-3" />}
      actions={app && <ShowInHub app={app} />}
    >
      <Tabs id={id} can={app?.can} />
      <div className="pt-6">
        {app ? (
          <AppContext value={app}>
            <Outlet />
          </AppContext>
        ) : (
          <Skeleton className="h-56 rounded-lg" />
        )}
      </div>
    </Page>
  );
}
