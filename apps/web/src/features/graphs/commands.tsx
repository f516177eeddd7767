import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Each graph that the person sees. */
export function useGraphCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const graphs = useQuery(trpc.graphs.list.queryOptions());
  return (graphs.data ?? []).map(({ id, name, description }) => ({
    id: `graph-${id}`,
    group: t('graphs.family'),
    label: name,
    detail: description,
    icon: <Workflow />,
    run: () => void navigate({ to: '/graphs/$id', params: { id } }),
  }));
}
