import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Server, Wrench } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../lib/command.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Each server, and trying its tools. */
export function useServerCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trpc = useTRPC();
  const { data } = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  return useMemo(
    () =>
      (data?.items ?? []).flatMap((server) => [
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
          label: t('servers.tryOne', { name: server.name }),
          detail: server.id,
          icon: <Wrench />,
          run: () => void navigate({ to: '/playground', search: { server: server.id } }),
        },
      ]),
    [t, navigate, data],
  );
}
