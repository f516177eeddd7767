import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { TestTubes } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Each simulated product that the person sees. */
export function useAppCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const apps = useQuery(trpc.apps.list.queryOptions());
  return (apps.data ?? []).map(({ id, category, name, displayName }) => ({
    id: `app-${id}`,
    group: t('apps.family'),
    label: displayName,
    detail: `${category}/${name}`,
    icon: <TestTubes />,
    run: () => void navigate({ to: '/simulator/$id', params: { id } }),
  }));
}
