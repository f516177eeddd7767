import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Boxes, Container, Layers2, Server, Wrench } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me } from '../lib/api-types.ts';
import { useTRPC } from '../lib/trpc.ts';
import { navigationFor } from './navigation.ts';
import type { Command } from './palette-results.tsx';

/** Containers and stacks of every engine that answers, for who may manage them. */
function useOnEngines(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const engines = useQuery(trpc.engines.list.queryOptions(undefined, { enabled: me.can.manageContainers }));
  const reached = engines.data?.filter(({ state }) => state.phase === 'reachable') ?? [];
  const lists = useQueries({ queries: reached.map(({ name }) => trpc.containers.list.queryOptions({ engine: name })) });
  const stacks = useQueries({ queries: reached.map(({ name }) => trpc.stacks.list.queryOptions({ engine: name })) });
  const several = reached.length > 1;
  return reached.flatMap(({ name, isDefault }, index) => {
    const search = isDefault ? {} : { engine: name };
    const suffix = several ? ` · ${name}` : '';
    return [
      ...(lists[index]?.data?.items ?? []).map((container) => ({
        id: `container-${name}-${container.id}`,
        group: t('common.containers'),
        label: container.name,
        detail: `${container.image}${suffix}`,
        icon: <Container />,
        run: () => void navigate({ to: '/containers/$id', params: { id: container.id }, search }),
      })),
      ...(stacks[index]?.data?.items ?? []).flatMap(({ id, project, path }) =>
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
    ];
  });
}

/** Everything the palette can find for this person. */
export function useCommands(me: Me): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const onEngines = useOnEngines(me);
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const commands = useMemo(() => {
    return [
      ...[...navigationFor('rail', me), ...navigationFor('palette', me)].map(({ to, label, icon: Icon }) => ({
        id: `go-${label}`,
        group: t('palette.go'),
        label: t(label),
        icon: <Icon />,
        run: () => void navigate({ to }),
      })),
      ...navigationFor('do', me).map(({ to, search, label, icon: Icon }) => ({
        id: `do-${label}`,
        group: t('palette.do'),
        label: t(label),
        icon: <Icon />,
        run: () => void navigate({ to, search: search ?? {} }),
      })),
      ...(groups.data?.items ?? []).map((group) => ({
        id: `group-${group.id}`,
        group: t('common.groups'),
        label: group.displayName,
        detail: group.id,
        icon: <Boxes />,
        run: () => void navigate({ to: '/groups/$id', params: { id: group.id } }),
      })),
      ...(servers.data?.items ?? []).flatMap((server) => [
        {
          id: `server-${server.id}`,
          group: t('common.servers'),
          label: server.name,
          detail: server.id,
          icon: <Server />,
          run: () => void navigate({ to: '/servers/$id', params: { id: server.id } }),
        },
        {
          id: `try-${server.id}`,
          group: t('common.playground'),
          label: t('palette.try', { name: server.name }),
          detail: server.id,
          icon: <Wrench />,
          run: () => void navigate({ to: '/playground', search: { server: server.id } }),
        },
      ]),
    ];
  }, [t, navigate, me, servers.data, groups.data]);
  return [...commands, ...onEngines];
}
