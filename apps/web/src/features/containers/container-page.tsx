import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Absent } from '../../ui/feedback/absent.tsx';
import { ContainerState } from '../../ui/feedback/container-state.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';
import { CopyText } from '../../ui/text/copy.tsx';
import { ContainerButtons } from './container-buttons.tsx';
import { ContainerContext } from './container-context.ts';

const tabs = [
  { to: '/containers/$id', key: 'overview' },
  { to: '/containers/$id/logs', key: 'logs' },
  { to: '/containers/$id/terminal', key: 'terminal' },
  { to: '/containers/$id/stats', key: 'stats' },
  { to: '/containers/$id/files', key: 'files' },
  { to: '/containers/$id/inspect', key: 'inspect' },
  { to: '/containers/$id/settings', key: 'settings' },
] as const;

function Crumb() {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/containers" search={{ engine: useEngineName() }}>
        {t('common.containers')}
      </Link>
    </Breadcrumb>
  );
}

function Sections({ id }: { id: string }) {
  const { t } = useTranslation();
  const engine = useEngineName();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  return (
    <nav ref={strip} aria-label={t('containers.sections')} className={tabList}>
      {tabs.map(({ to, key }) => (
        <Link
          key={to}
          to={to}
          params={{ id }}
          search={{ engine }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={linkTab}
        >
          {t(`containers.tab.${key}`)}
        </Link>
      ))}
    </nav>
  );
}

export function ContainerPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useParams({ from: '/engine/containers/$id' });
  const engine = useEngineName();
  const query = useQuery(trpc.containers.get.queryOptions({ engine, id }));
  const container = query.data;
  // What is shown of it would be of something that is no more.
  const gone = query.isError && toFailure(query.error).code === 'NOT_FOUND';
  if (gone || (!container && query.isError)) {
    return (
      <Absent
        title={shortId(id)}
        above={<Crumb />}
        error={query.error}
        onRetry={() => void query.refetch()}
        failed={t('containers.loadFailed')}
        gone={{
          title: t('containers.gone', { id: shortId(id) }),
          hint: t('containers.goneHint'),
          back: (
            <Link to="/containers" search={{ engine }} className={buttonClass('secondary')}>
              {t('common.containers')}
            </Link>
          ),
        }}
      />
    );
  }
  return (
    <Page
      title={container?.name ?? shortId(id)}
      above={<Crumb />}
      heading={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all">{container?.name ?? <Skeleton className="h-7 w-48" />}</span>
          {container && <ContainerState container={container} className="text-base font-medium tracking-normal" />}
        </span>
      }
      lead={<CopyText text={container ? shortId(container.id) : shortId(id)} className="text-ink-3" />}
      actions={container && <ContainerButtons container={container} />}
    >
      <Sections id={id} />
      <div className="pt-6">
        {container ? (
          <ContainerContext value={container}>
            <Outlet />
          </ContainerContext>
        ) : (
          <div className="grid gap-4 lg:grid-cols-2">
            <Skeleton className="h-56 rounded-lg" />
            <Skeleton className="h-56 rounded-lg" />
          </div>
        )}
      </div>
    </Page>
  );
}
