import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Absent } from '../../ui/feedback/absent.tsx';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { GraphContext } from './graph-context.ts';
import { GraphMenu } from './graph-menu.tsx';
import type { GraphDetail } from './types.ts';

const tabs = [
  { to: '/graphs/$id', key: 'draw' },
  { to: '/graphs/$id/runs', key: 'runs' },
  { to: '/graphs/$id/history', key: 'history' },
  { to: '/graphs/$id/readme', key: 'readme' },
] as const;

function Crumb() {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/graphs">{t('graphs.title')}</Link>
    </Breadcrumb>
  );
}

function Tabs({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('graphs.parts')} className={tabList}>
      {tabs.map(({ to, key }) => (
        <Link
          key={to}
          to={to}
          params={{ id }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={linkTab}
        >
          {t(`graphs.tab.${key}`)}
        </Link>
      ))}
    </nav>
  );
}

function Heading({ graph }: { graph: GraphDetail }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="wrap-anywhere">{graph.name}</span>
      <Badge>{t(`graphs.seenBy.${graph.visibility}`)}</Badge>
    </span>
  );
}

/** One graph: how it is drawn, what it ran, what it is. */
export function GraphPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const { id } = useParams({ from: '/graphs/$id' });
  const query = useQuery(trpc.graphs.get.queryOptions({ id }));
  const graph = query.data;
  if (!graph && query.isError) {
    const back = (
      <Link to="/graphs" className={buttonClass('secondary')}>
        {t('graphs.title')}
      </Link>
    );
    return (
      <Absent
        title={t('graphs.one')}
        above={<Crumb />}
        error={query.error}
        onRetry={() => void query.refetch()}
        failed={t('graphs.oneFailed')}
        gone={{ title: t('graphs.gone'), hint: t('common.serverGone'), back }}
      />
    );
  }
  return (
    <Page
      title={graph?.name ?? t('graphs.one')}
      above={<Crumb />}
      heading={graph ? <Heading graph={graph} /> : <Skeleton className="my-2 h-6 w-48" />}
      lead={graph && graph.description !== '' && <span className="line-clamp-2">{graph.description}</span>}
      actions={graph && <GraphMenu graph={graph} onRemoved={() => void navigate({ to: '/graphs' })} />}
    >
      <Tabs id={id} />
      <div className="pt-4">
        {graph ? (
          <GraphContext value={graph}>
            <Outlet />
          </GraphContext>
        ) : (
          <Skeleton className="h-96 rounded-lg" />
        )}
      </div>
    </Page>
  );
}
