import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../lib/trpc.ts';
import { newSettings } from './settings.ts';
import type { Conversation, Settings } from './types.ts';

/** What the next round begins with: what was changed here, else what the conversation had last. */
export function useSettings(conversation: Conversation | undefined, id: string | undefined) {
  const trpc = useTRPC();
  const models = useQuery(trpc.models.list.queryOptions());
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const [changed, setChanged] = useState<{ id: string | undefined; settings: Settings } | null>(null);
  const isReady = models.data !== undefined && (servers.data !== undefined || servers.isError);
  const usual =
    conversation?.settings ??
    (isReady ? newSettings(models.data, servers.data?.items.map((server) => server.id) ?? []) : null);
  const [second, setSecond] = useState<{ id: string | undefined; model: string } | null>(null);
  const settings = changed?.id === id ? (changed?.settings ?? usual) : usual;
  return {
    models: models.data ?? [],
    servers: servers.data?.items ?? [],
    settings,
    model:
      models.data?.find(({ name, id: modelId }) => name === settings?.model || modelId === settings?.model) ?? null,
    /** A second model that the next message is sent to, besides. */
    beside: second?.id === id ? (second?.model ?? null) : null,
    compareWith: (model: string | null) => setSecond(model === null ? null : { id, model }),
    change: (next: Settings) => setChanged({ id, settings: next }),
  };
}
export type ChatSettings = ReturnType<typeof useSettings>;
