import type { QueryClient } from '@tanstack/react-query';
import type { LiveEvent, Server } from '../api-types.ts';
import type { Outputs, Trpc } from '../trpc.ts';
import { createEngineRefresh, isEngineEvent } from './refresh-engines.ts';

type ServerEvent = Exclude<LiveEvent, { type: 'log' } | { type: 'call' }>;
type ServerList = Outputs['servers']['list'];

const applyEveryMs = 200;
const refreshEveryMs = 1500;
const settleMs = 1200;

/**
 * Writes live events into the query cache. Events are gathered for a moment, so that a hundred servers
 * starting at once cost a few renders and not hundreds.
 */
export function createApplier(queryClient: QueryClient, trpc: Trpc) {
  const statuses = new Map<string, Server['status']>();
  const changed = new Set<string>();
  const onEngines = createEngineRefresh(queryClient, trpc);
  let accessChanged = false;
  let applyTimer: ReturnType<typeof setTimeout> | undefined;
  let accessTimer: ReturnType<typeof setTimeout> | undefined;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;

  function applyStatuses(): void {
    function withStatus<T extends { id: string; status: Server['status'] }>(server: T): T {
      const status = statuses.get(server.id);
      return status ? { ...server, status } : server;
    }
    queryClient.setQueriesData<ServerList>(trpc.servers.list.pathFilter(), (list) =>
      list ? { ...list, items: list.items.map(withStatus) } : list,
    );
    for (const id of statuses.keys()) {
      queryClient.setQueryData(trpc.servers.get.queryKey({ id }), (server) => (server ? withStatus(server) : server));
    }
    statuses.clear();
  }

  /** People, groups or keys changed: with them may change what there is to see, and what one may do. */
  function refreshAccess(settling = false): void {
    const { auth, account, users, groups, keys, access } = trpc;
    for (const each of [auth.me, account, users, groups, keys, access, trpc.servers]) {
      void queryClient.invalidateQueries(each.pathFilter());
    }
    accessChanged = false;
    // A change is told a moment before it is in force everywhere.
    if (!settling) accessTimer ??= setTimeout(() => refreshAccess(true), settleMs);
    else accessTimer = undefined;
  }

  function flush(): void {
    applyTimer = undefined;
    if (statuses.size > 0) applyStatuses();
    if (accessChanged) refreshAccess();
    onEngines.flush();
    if (changed.size > 0) {
      void queryClient.invalidateQueries(trpc.servers.list.pathFilter());
      for (const id of changed) {
        void queryClient.invalidateQueries(trpc.servers.get.queryFilter({ id }));
        void queryClient.invalidateQueries(trpc.servers.items.queryFilter({ id }));
      }
      changed.clear();
    }
  }

  function refreshOverview(): void {
    refreshTimer ??= setTimeout(() => {
      refreshTimer = undefined;
      void queryClient.invalidateQueries(trpc.system.overview.pathFilter());
    }, refreshEveryMs);
  }

  return {
    apply(event: ServerEvent): void {
      applyTimer ??= setTimeout(flush, applyEveryMs);
      if (isEngineEvent(event)) {
        onEngines.add(event);
        return;
      }
      if (event.type === 'server.status') statuses.set(event.status.id, event.status);
      else if (event.type === 'access.changed') accessChanged = true;
      else changed.add(event.id);
      refreshOverview();
    },
    callEnded: refreshOverview,
    /** After a gap in the stream everything on the page is asked for again. */
    catchUp(): void {
      void queryClient.invalidateQueries();
    },
    close(): void {
      clearTimeout(applyTimer);
      clearTimeout(accessTimer);
      clearTimeout(refreshTimer);
    },
  };
}
