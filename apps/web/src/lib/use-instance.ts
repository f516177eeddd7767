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
    needsKey: me?.authMode !== 'open',
    endpoint: (serverId?: string) => (serverId === undefined ? `${base}/mcp` : `${base}/mcp/${serverId}`),
  };
}
