import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { AddServer } from './add-server.tsx';
import { ExposureCard } from './exposure-card.tsx';
import { GroupServerRow } from './group-server-row.tsx';

/** The servers of a group, what it gives at each, and which of their tools its endpoint shows. */
export function ServersTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const group = useGroup();
  const { server: opened } = useSearch({ from: '/groups/$id/servers' });
  const navigate = useNavigate({ from: '/groups/$id/servers' });
  const servers = useQuery(trpc.groups.servers.queryOptions({ id: group.id }));
  function toggle(id: string) {
    void navigate({ search: { server: opened === id ? undefined : id }, replace: true, resetScroll: false });
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {group.can.servers && <AddServer taken={servers.data?.map(({ serverId }) => serverId) ?? []} />}
        <Card flush title={t('common.servers')}>
          {servers.isPending && <SkeletonRows rows={3} className="h-16" />}
          {servers.isError && !servers.data && (
            <div className="p-4">
              <LoadFailed
                title={t('common.serversFailed')}
                error={servers.error}
                onRetry={() => void servers.refetch()}
              />
            </div>
          )}
          {servers.data?.length === 0 && (
            <Empty icon={<Server />} title={t('groups.noServers')}>
              {t(group.can.servers ? 'groups.noServersHint' : 'groups.noServersYours')}
            </Empty>
          )}
          <ul aria-label={t('common.servers')}>
            {servers.data?.map((server) => (
              <GroupServerRow
                key={server.serverId}
                server={server}
                open={opened === server.serverId}
                onToggle={() => toggle(server.serverId)}
              />
            ))}
          </ul>
        </Card>
      </div>
      <ExposureCard />
    </div>
  );
}
