import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { RightsTable } from '../../ui/table/rights-table.tsx';

/** What a member can do at the servers of the group, and why: everything counts, not only this group. */
export function RightsTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const group = useGroup();
  const { me } = useInstance();
  const search = useSearch({ from: '/groups/$id/rights' });
  const navigate = useNavigate({ from: '/groups/$id/rights' });
  const asksOthers = me?.can.listUsers === true;
  const members = useQuery(trpc.groups.members.queryOptions({ groupId: group.id }, { enabled: asksOthers }));
  const servers = useQuery(trpc.groups.servers.queryOptions({ id: group.id }));
  const self = me?.authMode === 'open' ? undefined : me?.user?.id;
  const userId = (asksOthers ? search.user : undefined) ?? (asksOthers ? members.data?.[0]?.userId : undefined) ?? self;
  const rights = useQuery(
    trpc.access.explainUser.queryOptions(userId === undefined ? {} : { user: userId }, {
      enabled: userId !== undefined,
    }),
  );
  const inGroup = new Set(servers.data?.map(({ serverId }) => serverId));
  const shown = rights.data?.servers.filter(({ serverId }) =>
    search.server === undefined ? inGroup.has(serverId) : serverId === search.server,
  );
  const others = members.data?.every((member) => member.userId !== self) === true;
  function change(next: { user?: string | undefined; server?: string | undefined }) {
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  }
  return (
    <Card flush title={t('rights.title')}>
      <div className="flex flex-wrap gap-4 border-b border-line px-4 py-4">
        <Field label={t('rights.who')} className="min-w-44 flex-1 sm:max-w-64">
          <Select
            value={userId ?? ''}
            disabled={!asksOthers}
            onChange={(event) => change({ user: event.target.value || undefined })}
          >
            {!asksOthers && <option value={self ?? ''}>{me?.user?.username}</option>}
            {asksOthers &&
              members.data?.map((member) => (
                <option key={member.userId} value={member.userId}>
                  {member.username}
                </option>
              ))}
            {asksOthers && others && self !== undefined && <option value={self}>{me?.user?.username}</option>}
          </Select>
        </Field>
        <Field label={t('rights.where')} className="min-w-44 flex-1 sm:max-w-64">
          <Select value={search.server ?? ''} onChange={(event) => change({ server: event.target.value || undefined })}>
            <option value="">{t('rights.allServers')}</option>
            {servers.data?.map((server) => (
              <option key={server.serverId} value={server.serverId}>
                {server.name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {rights.isError && !rights.data && (
        <div className="p-4">
          <LoadFailed title={t('rights.loadFailed')} error={rights.error} onRetry={() => void rights.refetch()} />
        </div>
      )}
      {!(rights.isError && !rights.data) && (
        <RightsTable
          label={t('rights.title')}
          servers={userId === undefined ? [] : shown}
          empty={<Empty title={t('rights.none')}>{t('rights.noneHint')}</Empty>}
        />
      )}
    </Card>
  );
}
