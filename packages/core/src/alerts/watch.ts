import { hash } from 'node:crypto';
import { canonical } from '@switchboard/agents/simulator';
import type { Catalog, JsonObject, RuntimeEvent } from '@switchboard/mcp-runtime/types';

/** Recent events of this hub that alert rules check and the database does not hold. */
export interface AlertWatch {
  /** How often starts or connections of a server failed since then; epoch milliseconds. */
  failuresSince(serverId: string, since: number): number;
  /** Tools whose definitions a server changed since then. */
  changedToolsSince(serverId: string, since: number): readonly string[];
  /** The last time that the database was away and came back since then, in milliseconds. */
  databaseAwaySince(since: number): number | null;
}

const mostFailures = 100;
const mostChanged = 50;

interface ServerHistory {
  /** Epoch milliseconds, oldest first. */
  failures: number[];
  /** By name, a hash of what the server says of it. */
  tools: Map<string, string> | null;
  changed: { at: number; name: string }[];
}

function hashesOf(tools: readonly JsonObject[]): Map<string, string> {
  const named = tools.flatMap((tool) => (typeof tool['name'] === 'string' ? [[tool['name'], tool] as const] : []));
  // As the database gives them back: keys in another order, and without NUL characters.
  const texts = named.map(([name, tool]) => [name, canonical(tool).replaceAll('\\u0000', '')] as const);
  return new Map(texts.map(([name, text]) => [name, hash('sha256', text, 'base64')]));
}

/** Follows the runtime and the database; bounded by the number of servers. */
export function createAlertWatch(now: () => number) {
  const servers = new Map<string, ServerHistory>();
  let away: { from: number } | null = null;
  let lastAway: { until: number; ms: number } | null = null;

  function of(serverId: string): ServerHistory {
    let watched = servers.get(serverId);
    if (!watched) servers.set(serverId, (watched = { failures: [], tools: null, changed: [] }));
    return watched;
  }

  function catalog(serverId: string, { tools }: Pick<Catalog, 'tools'>): void {
    const watched = of(serverId);
    const before = watched.tools;
    watched.tools = hashesOf(tools);
    if (!before) return;
    const names = [...watched.tools].filter(([name, each]) => before.has(name) && before.get(name) !== each);
    watched.changed.push(...names.map(([name]) => ({ at: now(), name })));
    watched.changed.splice(0, watched.changed.length - mostChanged);
  }

  const watch: AlertWatch = {
    failuresSince: (serverId, since) => servers.get(serverId)?.failures.filter((at) => at >= since).length ?? 0,
    changedToolsSince(serverId, since) {
      const changed = servers.get(serverId)?.changed.filter(({ at }) => at >= since) ?? [];
      return [...new Set(changed.map(({ name }) => name))];
    },
    databaseAwaySince: (since) => (lastAway && lastAway.until >= since ? lastAway.ms : null),
  };
  return {
    ...watch,
    /** The catalog of a server from before this process started. */
    seed: catalog,
    onRuntime(event: RuntimeEvent): void {
      if (event.type === 'catalog') catalog(event.serverId, event.catalog);
      if (event.type !== 'status' || event.status.phase !== 'error' || event.previous === 'error') return;
      const { failures } = of(event.status.id);
      failures.push(now());
      if (failures.length > mostFailures) failures.shift();
    },
    onDatabase(isUp: boolean): void {
      if (!isUp) away ??= { from: now() };
      else if (away) {
        lastAway = { until: now(), ms: now() - away.from };
        away = null;
      }
    },
    forget: (serverId: string) => void servers.delete(serverId),
  };
}
