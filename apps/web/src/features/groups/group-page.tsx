import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Group } from '../../lib/api-types.ts';
import { GroupContext } from '../../lib/group-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useTabs } from '../../lib/use-tabs.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';
import { useShownTab } from '../../ui/layout/use-shown-tab.ts';
import { CopyText } from '../../ui/text/copy.tsx';

function Sections({ group }: { group: Group }) {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const strip = useShownTab(path);
  const tabs = useTabs('group', group.can);
  return (
    <nav ref={strip} aria-label={t('groups.sections')} className={tabList}>
      {tabs.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ id: group.id }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={linkTab}
        >
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}

function Problem({ id, error, onRetry }: { id: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  if (toFailure(error).code !== 'NOT_FOUND') {
    return <LoadFailed title={t('groups.loadFailed')} error={error} onRetry={onRetry} />;
  }
  return (
    <Empty
      title={t('groups.gone', { id })}
      actions={
        <Link to="/groups" className={buttonClass('secondary')}>
          {t('common.groups')}
        </Link>
      }
    >
      {t('common.serverGone')}
    </Empty>
  );
}

export function GroupPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id } = useParams({ from: '/groups/$id' });
  const { data: group, ...query } = useQuery(trpc.groups.get.queryOptions({ id }));
  return (
    <Page
      title={group?.displayName ?? id}
      above={
        <Breadcrumb>
          <Link to="/groups">{t('common.groups')}</Link>
        </Breadcrumb>
      }
      heading={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {group?.displayName ?? (query.isError ? id : <Skeleton className="my-2 h-6 w-48" />)}
          {group !== undefined && group.membership !== null && (
            <Badge tone={group.membership === 'pending' ? 'warn' : 'accent'}>{t(`member.${group.membership}`)}</Badge>
          )}
        </span>
      }
      lead={
        <>
          <CopyText text={id} className="text-ink-3" />
          {group?.parentGroup != null && (
            <span>
              {' · '}
              {t('groups.inside')}{' '}
              <Link to="/groups/$id" params={{ id: group.parentGroup }} className="text-accent-text hover:underline">
                {group.parentGroup}
              </Link>
            </span>
          )}
          {group !== undefined && group.description !== '' && <p className="mt-1">{group.description}</p>}
        </>
      }
    >
      {!group && query.isError && <Problem id={id} error={query.error} onRetry={() => void query.refetch()} />}
      {!group && query.isPending && <Skeleton className="h-72 rounded-lg" />}
      {group && (
        <GroupContext value={group}>
          <Sections group={group} />
          <div className="pt-6">
            <Outlet />
          </div>
        </GroupContext>
      )}
    </Page>
  );
}
