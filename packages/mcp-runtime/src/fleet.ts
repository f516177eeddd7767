import { tidyCatalog } from './catalog.ts';
import type { Events } from './events.ts';
import type { Personal } from './personal.ts';
import { say } from './reasons.ts';
import { ErrorCode, RpcError } from './rpc.ts';
import { createStartSlots } from './start-slots.ts';
import type { Catalog, LogLine, Runtime, RuntimeEvent, ServerSpec, ServerStatus } from './types.ts';
import { createBudget, type InstanceCaps } from './upstream/budget.ts';
import type { Holds } from './upstream/holds.ts';
import { secretsIn } from './upstream/launch-facts.ts';
import type { OpenLink } from './upstream/link.ts';
import { createLogBuffer, type LogBuffer } from './upstream/logs.ts';
import { createProbes, type Probes } from './upstream/probe.ts';
import { defaultGraceMs } from './upstream/supervised.ts';
import type { DescribedServer, UpstreamOptions } from './upstream/upstream-options.ts';
import { createUpstream, type Upstream } from './upstream/upstream.ts';
import type { Duplicate } from './view.ts';

/** All servers of the hub. */
export interface Fleet {
  /** True where there are other servers than before. */
  apply(this: void, specs: readonly ServerSpec[]): boolean;
  seed(this: void, serverId: string, catalog: Catalog): void;
  find(this: void, serverId: string): Upstream | undefined;
  /** Throws RpcError where the server is not here. */
  upstream(this: void, serverId: string): Upstream;
  catalogOf(this: void, serverId: string): Catalog | null;
  status(this: void, serverId: string): ServerStatus | null;
  statuses(this: void): ServerStatus[];
  /** Pids of the programs that run here, by server. */
  programs(this: void): { serverId: string; pids: number[] }[];
  until: Runtime['until'];
  logs(this: void, serverId: string): LogLine[];
  /** Says once in a server's log that another lists the same URI first. */
  reportDuplicate(this: void, duplicate: Duplicate): void;
  /** Gives back everything a session owns. */
  release(this: void, sessionId: string): void;
  readonly probes: Probes;
  /** What people may open servers with changed. */
  personalChanged(this: void): void;
  sweep(): void;
  close(): Promise<void>;
}

export interface FleetOptions {
  openLink: OpenLink;
  hub: { name: string; version: string };
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number;
  random: () => number;
  caps: InstanceCaps;
  messageLimit: number;
  startsAtOnce: number;
  holds: Holds;
  personal: Personal;
  events: Events;
  /** The lists of some server changed, or there are other servers. */
  onLists(this: void): void;
  onOwnLists(this: void, serverId: string, owner: string, catalog: Catalog | null): void;
}

interface Context {
  readonly options: FleetOptions;
  readonly upstreams: Map<string, Upstream>;
  readonly logs: Map<string, LogBuffer>;
  /** Catalogs of servers that were not applied yet. */
  readonly seeds: Map<string, Catalog>;
  /** Servers that are gone and still stopping, by id. */
  readonly removing: Map<string, Promise<void>>;
  /** Duplicate URIs that were reported, by server. */
  readonly reported: Map<string, Set<string>>;
}

const maxReported = 100;

function logOf({ logs, options }: Context, serverId: string): LogBuffer {
  let buffer = logs.get(serverId);
  if (buffer === undefined) {
    buffer = createLogBuffer({ serverId, now: options.now, unseen: () => options.personal.unseen(serverId) });
    logs.set(serverId, buffer);
  }
  return buffer;
}

function log(context: Context, serverId: string, ...line: Parameters<LogBuffer['append']>): void {
  // The last words of a server that is gone for good would open a log nobody closes.
  if (!context.upstreams.has(serverId) && !context.removing.has(serverId)) return;
  context.options.events.emit({ type: 'log', line: logOf(context, serverId).append(...line) });
}

function upstreamOptions(context: Context): UpstreamOptions {
  const { options, upstreams } = context;
  const { events, openLink, messageLimit, now, elapsed, random } = options;
  /** A server that was removed must not speak for one that came under its name. */
  function isNow(upstream: DescribedServer): boolean {
    return (upstreams.get(upstream.id) ?? upstream) === upstream;
  }
  return {
    openLink,
    messageLimit,
    now,
    elapsed,
    random,
    hub: { clientInfo: { name: options.hub.name, version: options.hub.version }, capabilities: {} },
    budget: createBudget(options.caps),
    slot: createStartSlots(options.startsAtOnce),
    holds: options.holds,
    personal: options.personal,
    onStatus(upstream, previous) {
      if (isNow(upstream)) events.emit({ type: 'status', status: upstream.status(), previous: previous.phase });
    },
    onCatalog(upstream, catalog) {
      if (!isNow(upstream)) return;
      context.reported.delete(upstream.id);
      options.onLists();
      events.emit({ type: 'catalog', serverId: upstream.id, catalog });
    },
    onLog: (serverId, level, source, text, instance) => log(context, serverId, level, source, text, instance),
    onOwnCatalog: options.onOwnLists,
  };
}

function remove(context: Context, upstream: Upstream): void {
  const { options, upstreams, removing, logs, seeds, reported } = context;
  const { id } = upstream;
  upstreams.delete(id);
  seeds.delete(id);
  reported.delete(id);
  const before = removing.get(id);
  const ending = Promise.allSettled([before, upstream.remove(defaultGraceMs)]).then(() => {
    if (removing.get(id) !== ending) return;
    removing.delete(id);
    if (!upstreams.has(id)) logs.delete(id);
  });
  removing.set(id, ending);
  // Waiting callers need the news that it was removed.
  const status = upstream.status();
  options.events.emit({ type: 'status', status, previous: status.phase });
}

function put(context: Context, made: UpstreamOptions, probes: Probes, spec: ServerSpec): void {
  const { upstreams, seeds, removing } = context;
  logOf(context, spec.id).redact(secretsIn(spec.launch));
  const known = upstreams.get(spec.id);
  if (known !== undefined) return known.update(spec);
  // One of the same name that is still stopping may hold what this one needs, a port for example.
  const upstream = createUpstream({ ...spec, desired: 'stopped' }, made, removing.get(spec.id));
  upstreams.set(spec.id, upstream);
  const seed = seeds.get(spec.id);
  if (seed !== undefined) upstream.primary.seed(seed);
  seeds.delete(spec.id);
  const adopted = spec.desired === 'on' && spec.personal !== true ? probes.claim(spec) : null;
  if (adopted !== null) upstream.primary.adopt(adopted.instance, adopted.catalog);
  upstream.update(spec);
}

/** Waits for a status; rejects where the signal aborts or the server goes away. */
function until(
  context: Context,
  serverId: string,
  done: (status: ServerStatus) => boolean,
  signal: AbortSignal,
): Promise<ServerStatus> {
  const { upstreams, options } = context;
  const here = upstreams.get(serverId);
  return new Promise((resolve, reject) => {
    function look(): void {
      const upstream = upstreams.get(serverId);
      if (here !== undefined && upstream !== here) return settle(() => reject(notHere(serverId)));
      const status = upstream?.status();
      if (status !== undefined && done(status)) settle(() => resolve(status));
    }
    function check(event: RuntimeEvent): void {
      if (event.type === 'status' && event.status.id === serverId) look();
    }
    function aborted(): void {
      settle(() => reject(signal.reason));
    }
    const stop = options.events.subscribe(check);
    function settle(finish: () => void): void {
      stop();
      signal.removeEventListener('abort', aborted);
      finish();
    }
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    else look();
  });
}

function notHere(serverId: string): RpcError {
  return new RpcError(ErrorCode.server, say('gone', { id: serverId }), { serverId });
}

function reportDuplicate(context: Context, { uri, serverId, listedBy }: Duplicate): void {
  const known = context.reported.get(serverId) ?? new Set<string>();
  context.reported.set(serverId, known);
  if (known.has(uri) || known.size >= maxReported) return;
  known.add(uri);
  const text = `Resource ${uri} is also listed by server ${listedBy}, which comes first: endpoints of several servers show it once, as that server's`;
  log(context, serverId, 'warn', 'hub', text, null);
}

export function createFleet(options: FleetOptions): Fleet {
  const context: Context = {
    options,
    upstreams: new Map(),
    logs: new Map(),
    seeds: new Map(),
    removing: new Map(),
    reported: new Map(),
  };
  const { upstreams, removing } = context;
  const made = upstreamOptions(context);
  const probes = createProbes(made);
  return {
    apply(specs) {
      const wanted = new Map(specs.map((spec) => [spec.id, spec]));
      const before = new Set(upstreams.values());
      for (const upstream of upstreams.values()) if (!wanted.has(upstream.id)) remove(context, upstream);
      for (const spec of wanted.values()) put(context, made, probes, spec);
      return before.size !== upstreams.size || [...upstreams.values()].some((upstream) => !before.has(upstream));
    },
    seed(serverId, stored) {
      const catalog = tidyCatalog(stored);
      const upstream = upstreams.get(serverId);
      if (upstream === undefined) context.seeds.set(serverId, catalog);
      else upstream.primary.seed(catalog);
    },
    find: (serverId) => upstreams.get(serverId),
    upstream(serverId) {
      const upstream = upstreams.get(serverId);
      if (upstream === undefined) throw notHere(serverId);
      return upstream;
    },
    catalogOf: (serverId) => upstreams.get(serverId)?.primary.catalog() ?? null,
    status: (serverId) => upstreams.get(serverId)?.status() ?? null,
    statuses: () => [...upstreams.values()].map((upstream) => upstream.status()),
    programs: () => [...upstreams.values()].map((upstream) => ({ serverId: upstream.id, pids: upstream.pids() })),
    until: (serverId, done, signal) => until(context, serverId, done, signal),
    logs: (serverId) => context.logs.get(serverId)?.list() ?? [],
    reportDuplicate: (duplicate) => reportDuplicate(context, duplicate),
    release(sessionId) {
      for (const upstream of upstreams.values()) upstream.release(sessionId);
    },
    probes,
    personalChanged() {
      for (const upstream of upstreams.values()) upstream.personalChanged();
    },
    sweep() {
      for (const upstream of upstreams.values()) upstream.sweep();
    },
    async close() {
      const stopping = [...upstreams.values()].map((upstream) => upstream.stop(defaultGraceMs));
      await Promise.allSettled([probes.close(), ...stopping, ...removing.values()]);
    },
  };
}
