import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { LiveEvent, Server } from '../api-types.ts';
import type { Outputs, Trpc } from '../trpc.ts';

type ServerEvent = Exclude<LiveEvent, { type: 'log' } | { type: 'call' }>;
type Changed = Extract<LiveEvent, { type: 'changed' }>;
type ServerList = Outputs['servers']['list'];

/** The overview counts what all servers do: it is read at a slower pace. */
const overview = JSON.stringify([['system', 'overview']]);

const applyEveryMs = 200;
const refreshEveryMs = 1500;
const settleMs = 1200;

/**
 * Writes live events into the query cache. Events are gathered for a moment, so that a hundred servers
 * starting at once cost a few renders and not hundreds.
 */
export function createApplier(queryClient: QueryClient, trpc: Trpc) {
  const statuses = new Map<string, Server['status']>();
  /** What is to be read again: query keys by what they look like as text. */
  const stale = new Map<string, QueryKey>();
  const settling = new Map<string, QueryKey>();
  let applyTimer: ReturnType<typeof setTimeout> | undefined;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;
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

  function refresh(keys: Map<string, QueryKey>): void {
    for (const queryKey of keys.values()) void queryClient.invalidateQueries({ queryKey });
    keys.clear();
  }

  function note({ paths, one, settles }: Changed): void {
    const keys: QueryKey[] = [
      ...paths.map((path) => [path.split('.')]),
      ...(one ? one.paths.map((path) => [path.split('.'), { input: { id: one.id } }]) : []),
    ];
    for (const queryKey of keys) {
      const name = JSON.stringify(queryKey);
      if (name === overview) refreshOverview();
      else stale.set(name, queryKey);
      if (settles) settling.set(name, queryKey);
    }
  }

  function flush(): void {
    applyTimer = undefined;
    if (statuses.size > 0) applyStatuses();
    refresh(stale);
    // A change of rights is told a moment before it is in force everywhere.
    if (settling.size > 0) {
      settleTimer ??= setTimeout(() => {
        settleTimer = undefined;
        refresh(settling);
      }, settleMs);
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
      if (event.type === 'changed') return note(event);
      statuses.set(event.status.id, event.status);
      refreshOverview();
    },
    callEnded: refreshOverview,
    /** After a gap in the stream everything on the page is asked for again. */
    catchUp(): void {
      void queryClient.invalidateQueries();
    },
    close(): void {
      clearTimeout(applyTimer);
      clearTimeout(settleTimer);
      clearTimeout(refreshTimer);
    },
  };
}
