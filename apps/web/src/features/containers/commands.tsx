import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Container } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../lib/api-types.ts';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useReachedEngines } from '../../lib/use-reached-engines.ts';

/** Each container of every engine that answers. */
export function useContainerCommands(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const reached = useReachedEngines(me);
  const lists = useQueries({ queries: reached.map(({ name }) => trpc.containers.list.queryOptions({ engine: name })) });
  return reached.flatMap(({ name, search, suffix }, index) =>
    (lists[index]?.data?.items ?? []).map((container) => ({
      id: `container-${name}-${container.id}`,
      group: t('common.containers'),
      label: container.name,
      detail: `${container.image}${suffix}`,
      icon: <Container />,
      run: () => void navigate({ to: '/containers/$id', params: { id: container.id }, search }),
    })),
  );
}
