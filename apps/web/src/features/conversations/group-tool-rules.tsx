import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Card } from '../../ui/layout/card.tsx';
import { ToolRulesList } from './tool-rules-list.tsx';

/** What models may do with tools in conversations of a group's members. */
export function GroupToolRules() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id, can } = useGroup();
  const servers = useQuery(trpc.groups.servers.queryOptions({ id }));
  const of = useMemo(() => ({ groupId: id }), [id]);
  const named = servers.data?.map(({ serverId, name }) => ({ id: serverId, name })) ?? [];
  return (
    <Card title={t('conversations.rules.tab')}>
      <p className="mb-4 max-w-2xl text-sm text-ink-2">{t('conversations.rules.groupLead')}</p>
      <ToolRulesList of={of} servers={named} refusal={can.servers ? null : t('conversations.rules.onlyManagers')} />
    </Card>
  );
}
