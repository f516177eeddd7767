import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { FlaskConical, Play, RotateCw, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { ServerContext } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useTabs } from '../../lib/use-tabs.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { ServerState } from '../../ui/feedback/server-state.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';
import { CopyText } from '../../ui/text/copy.tsx';
import { ServerMenu } from './server-menu.tsx';
import { useServerActions } from './use-server-actions.ts';

function Actions({ server }: { server: Server }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useServerActions();
  const { can } = server;
  const on = server.desired === 'on';
  return (
    <>
      {can.use && (
        <Link to="/playground" search={{ server: server.id }} className={buttonClass('secondary')}>
          <FlaskConical aria-hidden className="size-4" />
          {t('servers.try')}
        </Link>
      )}
      {can.operate && !on && (
        <Button
          look="primary"
          busy={actions.busy}
          icon={<Play aria-hidden className="size-4" />}
          onClick={() => actions.start(server)}
        >
          {t('servers.start')}
        </Button>
      )}
      {can.operate && on && (
        <>
          <Button
            busy={actions.busy}
            icon={<RotateCw aria-hidden className="size-4" />}
            onClick={() => actions.restart(server)}
          >
            {t('servers.restart')}
          </Button>
          <Button
            disabled={actions.busy}
            icon={<Square aria-hidden className="size-3.5" />}
            onClick={() => actions.stop(server)}
          >
            {t('servers.stop')}
          </Button>
        </>
      )}
      <ServerMenu short server={server} actions={actions} onRemoved={() => void navigate({ to: '/servers' })} />
    </>
  );
}

function Crumb() {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/servers">{t('common.servers')}</Link>
    </Breadcrumb>
  );
}

function Sections({ id, can }: { id: string; can: Server['can'] | undefined }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  const tabs = useTabs('server', can);
  return (
    <nav ref={strip} aria-label={t('servers.sections')} className={tabList}>
      {tabs.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ id }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={linkTab}
        >
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}

function Absent({ id, error, onRetry }: { id: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const failure = toFailure(error);
  const gone = failure.code === 'NOT_FOUND';
  return (
    <Page title={id} above={<Crumb />}>
      <Empty
        title={gone ? t('servers.gone', { id }) : t('common.serversFailed')}
        actions={
          gone ? (
            <Link to="/servers" className={buttonClass('secondary')}>
              {t('common.servers')}
            </Link>
          ) : (
            <Button onClick={onRetry}>{t('common.retry')}</Button>
          )
        }
      >
        {gone ? t('common.serverGone') : failure.message}
      </Empty>
    </Page>
  );
}

export function ServerPage() {
  const trpc = useTRPC();
  const { id } = useParams({ from: '/servers/$id' });
  const query = useQuery(trpc.servers.get.queryOptions({ id }));
  const server = query.data;
  if (!server && query.isError) return <Absent id={id} error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Page
      title={server?.name ?? id}
      above={<Crumb />}
      heading={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {server?.name ?? <Skeleton className="my-2 h-6 w-48" />}
          {server && <ServerState server={server} className="text-base font-medium tracking-normal" />}
        </span>
      }
      lead={<CopyText text={id} className="text-ink-3" />}
      actions={server && <Actions server={server} />}
    >
      <Sections id={id} can={server?.can} />
      <div className="pt-6">
        {server ? (
          <ServerContext value={server}>
            <Outlet />
          </ServerContext>
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
