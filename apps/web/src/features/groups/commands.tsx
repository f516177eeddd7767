import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Boxes } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Each group. */
export function useGroupCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const { data } = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  return (data?.items ?? []).map((group) => ({
    id: `group-${group.id}`,
    group: t('common.groups'),
    label: group.displayName,
    detail: group.id,
    icon: <Boxes />,
    run: () => void navigate({ to: '/groups/$id', params: { id: group.id } }),
  }));
}
