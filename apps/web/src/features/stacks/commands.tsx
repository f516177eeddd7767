import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Layers2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../lib/api-types.ts';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useReachedEngines } from '../../lib/use-reached-engines.ts';

/** Each stack that the hub keeps, on every engine that answers. */
export function useStackCommands(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const reached = useReachedEngines(me);
  const lists = useQueries({ queries: reached.map(({ name }) => trpc.stacks.list.queryOptions({ engine: name })) });
  return reached.flatMap(({ suffix }, index) =>
    (lists[index]?.data?.items ?? []).flatMap(({ id, project, path }) =>
      id === null
        ? []
        : {
            id: `stack-${id}`,
            group: t('stacks.title'),
            label: project,
            detail: `${path ?? ''}${suffix}`,
            icon: <Layers2 />,
            run: () => void navigate({ to: '/stacks/$id', params: { id } }),
          },
    ),
  );
}
