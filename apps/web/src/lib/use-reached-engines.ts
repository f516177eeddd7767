import { useQuery } from '@tanstack/react-query';
import type { Me } from './api-types.ts';
import { useTRPC } from './trpc.ts';

interface ReachedEngine {
  name: string;
  /** What pages about this engine are opened with. */
  search: { engine?: string };
  /** Names the engine behind something of it, where there are several. */
  suffix: string;
}

/** The engines that answer, for who may manage containers. */
export function useReachedEngines(me: Me): ReachedEngine[] {
  const trpc = useTRPC();
  const engines = useQuery(trpc.engines.list.queryOptions(undefined, { enabled: me.can.manageContainers }));
  const reached = engines.data?.filter(({ state }) => state.phase === 'reachable') ?? [];
  return reached.map(({ name, isDefault }) => ({
    name,
    search: isDefault ? {} : { engine: name },
    suffix: reached.length > 1 ? ` · ${name}` : '',
  }));
}
