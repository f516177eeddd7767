import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../lib/api-types.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useRun } from '../../lib/use-run.ts';
import { Absent } from '../../ui/feedback/absent.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';
import { RunOutput } from '../../ui/output/run-output.tsx';
import { StackButtons } from './stack-buttons.tsx';
import { StackContext } from './stack-context.ts';
import { StackState } from './stack-state.tsx';

const tabs = [
  { to: '/stacks/$id', key: 'services' },
  { to: '/stacks/$id/editor', key: 'editor' },
  { to: '/stacks/$id/logs', key: 'logs' },
  { to: '/stacks/$id/history', key: 'history' },
  { to: '/stacks/$id/settings', key: 'settings' },
] as const;

function Crumb() {
  const { t } = useTranslation();
  return (
    <Breadcrumb>
      <Link to="/stacks">{t('stacks.title')}</Link>
    </Breadcrumb>
  );
}

/** The run that was begun here, else one that goes on already, whoever began it. */
function useStackRun(id: string | undefined) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [begun, setBegun] = useState<Run | null>(null);
  const runs = useQuery(trpc.engines.runs.queryOptions({ subject: id ?? '' }, { enabled: id !== undefined }));
  const going = runs.data?.find(({ outcome }) => outcome === 'running') ?? null;
  const shown = going && going.id !== begun?.id ? going : begun;
  const run = useRun(shown?.id ?? null, (ended) => {
    setBegun(ended);
    void queryClient.invalidateQueries(trpc.stacks.pathFilter());
    void queryClient.invalidateQueries(trpc.engines.runs.pathFilter());
    if (ended.kind === 'stack.remove' && ended.outcome === 'ok') void navigate({ to: '/stacks' });
  });
  return { shown, run, follow: setBegun, busy: shown !== null && run.end === null && run.lost === null };
}

export function StackPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useParams({ from: '/engine/stacks/$id' });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  const query = useQuery(trpc.stacks.get.queryOptions({ id }));
  const stack = query.data;
  const { shown, run, follow, busy } = useStackRun(stack?.id);
  if (!stack && query.isError) {
    return (
      <Absent
        title={id}
        above={<Crumb />}
        error={query.error}
        onRetry={() => void query.refetch()}
        failed={t('stacks.loadFailed')}
        gone={{
          title: t('stacks.gone', { id: id }),
          hint: t('stacks.goneHint'),
          back: (
            <Link to="/stacks" className={buttonClass('secondary')}>
              {t('stacks.title')}
            </Link>
          ),
        }}
      />
    );
  }
  return (
    <Page
      title={stack?.project ?? id}
      above={<Crumb />}
      heading={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all">{stack?.project ?? <Skeleton className="h-7 w-40" />}</span>
          {stack && <StackState stack={stack} className="text-base font-medium tracking-normal" />}
        </span>
      }
      lead={<span className="font-mono text-sm break-all">{stack?.folder ?? ' '}</span>}
      actions={stack && <StackButtons stack={stack} busy={busy} follow={follow} />}
    >
      <nav ref={strip} aria-label={t('stacks.sections')} className={tabList}>
        {tabs.map(({ to, key }) => (
          <Link
            key={to}
            to={to}
            params={{ id }}
            activeOptions={{ exact: true, includeSearch: false }}
            className={linkTab}
          >
            {t(`stacks.tab.${key}`)}
          </Link>
        ))}
      </nav>
      <div className="flex flex-col gap-4 pt-6">
        {shown && <RunOutput title={t('stacks.output')} run={run} />}
        {stack ? (
          <StackContext value={{ stack, busy, follow }}>
            <Outlet />
          </StackContext>
        ) : (
          <Skeleton className="h-56 rounded-lg" />
        )}
      </div>
    </Page>
  );
}
