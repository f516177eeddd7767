import { useQuery } from '@tanstack/react-query';
import { useTRPC } from './trpc.ts';

/** Where clients reach this hub, and whether they need a key. */
export function useInstance() {
  const trpc = useTRPC();
  const me = useQuery(trpc.auth.me.queryOptions(undefined, { staleTime: 60_000 })).data;
  const base = me?.instance.publicUrl ?? location.origin;
  return {
    me,
    base,
    /** Where a trace can be looked at, with a place for its id; null where nobody said. */
    traceUrl: me?.traceUrl ?? null,
    needsKey: me?.authMode !== 'open',
    endpoint: (serverId?: string) => (serverId === undefined ? `${base}/mcp` : `${base}/mcp/${serverId}`),
  };
}
