import { createForwarder } from './gateway/forward.ts';
import { createGateway } from './gateway/gateway.ts';
import { createInProcess } from './gateway/in-process.ts';
import { createListeners } from './gateway/listen.ts';
import { createParkingLot } from './gateway/parked.ts';
import { createRequestStates } from './gateway/request-state.ts';
import { createRouter } from './gateway/router.ts';
import { createViews } from './gateway/views.ts';
import { createLogBuffer } from './upstream/logs.ts';
import type { LogBuffer } from './upstream/logs.ts';
import { ErrorCode, RpcError } from './rpc.ts';
import { createStartSlots } from './start-slots.ts';
import type { Catalog, Phase, Runtime, RuntimeEvent, Select, ServerSpec, ServerStatus } from './types.ts';
import { createBudget } from './upstream/pool.ts';
import type { OpenLink } from './upstream/link.ts';
import { createProbes } from './upstream/probe.ts';
import { createUpstream } from './upstream/upstream.ts';
import type { Upstream, UpstreamOptions } from './upstream/upstream.ts';

export interface RuntimeOptions {
  openLink: OpenLink;
  select: Select;
  /** How the hub presents itself, to servers and clients. */
  hub: { name: string; version: string };
  now?: () => number;
  random?: () => number;
  /** Most instances besides primaries. */
  maxInstances?: number;
  maxSessions?: number;
  /** Milliseconds a session may be silent. */
  sessionIdleMs?: number;
  /** Bytes of one message from a server. */
  messageLimit?: number;
  /** Starts that run at once. */
  startsAtOnce?: number;
}

const DEFAULTS = {
  maxInstances: 256,
  maxSessions: 10_000,
  sessionIdleMs: 30 * 60_000,
  messageLimit: 32 * 1024 * 1024,
  startsAtOnce: 6,
};
const SWEEP_MS = 1000;
const PARKED_MS = 5 * 60_000;
const PARKED_PER_CREDENTIAL = 32;

/** Creates the runtime: nothing runs until `apply`. */
export function createRuntime(given: RuntimeOptions): Runtime {
  const options = { ...DEFAULTS, ...given };
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  const hubInfo = { name: options.hub.name, version: options.hub.version };
  const upstreams = new Map<string, Upstream>();
  const logs = new Map<string, LogBuffer>();
  const seeds = new Map<string, Catalog>();
  const listeners = new Set<(event: RuntimeEvent) => void>();
  const removing = new Set<Promise<void>>();
  let closed = false;

  const emit = (event: RuntimeEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const logOf = (serverId: string): LogBuffer => {
    let buffer = logs.get(serverId);
    if (buffer === undefined) {
      buffer = createLogBuffer({ serverId, now });
      logs.set(serverId, buffer);
    }
    return buffer;
  };

  const need = (serverId: string): Upstream => {
    const upstream = upstreams.get(serverId);
    if (upstream === undefined)
      throw new RpcError(ErrorCode.server, `Server ${serverId} is not here any more`, { serverId });
    return upstream;
  };

  const views = createViews(options.select, (serverId) => upstreams.get(serverId)?.primary.catalog() ?? null);
  const states = createRequestStates();
  const parking = createParkingLot({ waitMs: PARKED_MS, perCredential: PARKED_PER_CREDENTIAL });
  const forwarder = createForwarder({
    upstream: need,
    states,
    now,
    record: (record) => emit({ type: 'call', record }),
  });
  const router = createRouter({
    forwarder,
    upstream: need,
    catalogOf: (id) => upstreams.get(id)?.primary.catalog() ?? null,
    hubInfo,
  });
  const release = (sessionId: string): void => {
    for (const upstream of upstreams.values()) upstream.release(sessionId);
  };
  const streams = createListeners({ upstream: need, hubInfo });
  const gateway = createGateway({
    router,
    views,
    states,
    parking,
    hubInfo,
    now,
    release,
    listeners: streams,
    upstream: need,
    sessionIdleMs: options.sessionIdleMs,
    maxSessions: options.maxSessions,
    onSessions: (sessions) => emit({ type: 'session', sessions }),
  });

  // Changes come in bursts (a restart touches every list); clients are told once.
  let refreshQueued = false;
  const refreshSoon = (): void => {
    views.invalidate();
    if (refreshQueued) return;
    refreshQueued = true;
    setTimeout(() => {
      refreshQueued = false;
      if (!closed) gateway.refresh();
    }, 20).unref();
  };

  const upstreamOptions: UpstreamOptions = {
    openLink: options.openLink,
    hub: { clientInfo: hubInfo, capabilities: {} },
    budget: createBudget(options.maxInstances),
    slot: createStartSlots(options.startsAtOnce),
    messageLimit: options.messageLimit,
    now,
    random,
    onStatus: (upstream, previous) => emit({ type: 'status', status: upstream.status(), previous: previous.phase }),
    onCatalog(upstream, catalog) {
      refreshSoon();
      emit({ type: 'catalog', serverId: upstream.id, catalog });
    },
    onLog(serverId, level, source, text, instance) {
      emit({ type: 'log', line: logOf(serverId).append(level, source, text, instance) });
    },
    onOwnCatalog(serverId, owner, catalog) {
      views.overlay(owner, serverId, catalog);
      refreshSoon();
    },
  };
  const probes = createProbes(upstreamOptions);

  const remove = (upstream: Upstream): void => {
    upstreams.delete(upstream.id);
    const ending = upstream.stop(upstream.primary.graceMs).finally(() => {
      removing.delete(ending);
      if (!upstreams.has(upstream.id)) logs.delete(upstream.id);
    });
    removing.add(ending);
  };

  const put = (spec: ServerSpec): void => {
    logOf(spec.id).redact(secretsOf(spec));
    const known = upstreams.get(spec.id);
    if (known !== undefined) return known.update(spec);
    const upstream = createUpstream({ ...spec, desired: 'stopped' }, upstreamOptions);
    upstreams.set(spec.id, upstream);
    const seed = seeds.get(spec.id);
    if (seed !== undefined) upstream.primary.seed(seed);
    const adopted = probes.claim(spec);
    if (adopted !== null && spec.desired === 'on') upstream.primary.adopt(adopted.instance, adopted.catalog);
    upstream.update(spec);
  };

  const sweeper = setInterval(() => {
    for (const upstream of upstreams.values()) upstream.sweep();
    gateway.sweep();
  }, SWEEP_MS);
  sweeper.unref();

  const until: Runtime['until'] = (serverId, done, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        listeners.delete(check);
        signal.removeEventListener('abort', aborted);
      };
      const settle = (status: ServerStatus | null | undefined): boolean => {
        if (status == null || !done(status)) return false;
        stop();
        resolve(status);
        return true;
      };
      const check = (event: RuntimeEvent): void => {
        if (event.type === 'status' && event.status.id === serverId) settle(event.status);
      };
      const aborted = (): void => {
        stop();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      if (settle(upstreams.get(serverId)?.status())) return;
      listeners.add(check);
      signal.addEventListener('abort', aborted, { once: true });
    });

  return {
    apply(specs) {
      if (closed) return;
      const wanted = new Map(specs.map((spec) => [spec.id, spec]));
      for (const upstream of [...upstreams.values()]) if (!wanted.has(upstream.id)) remove(upstream);
      for (const spec of wanted.values()) put(spec);
      refreshSoon();
    },
    seedCatalog(serverId, catalog) {
      seeds.set(serverId, catalog);
      upstreams.get(serverId)?.primary.seed(catalog);
      refreshSoon();
    },
    catalog: (serverId) => upstreams.get(serverId)?.primary.catalog() ?? null,
    status: (serverId) => upstreams.get(serverId)?.status() ?? null,
    statuses: () => [...upstreams.values()].map((upstream) => upstream.status()),
    until,
    stop: (serverId, { graceMs }) => upstreams.get(serverId)?.stop(graceMs) ?? Promise.resolve(),
    async restart(serverId, signal) {
      const upstream = need(serverId);
      upstream.primary.send({ type: 'desired', desired: 'on', restart: true });
      return until(serverId, (status) => status.phase === 'running' || status.phase === 'error', signal);
    },
    probe: (spec, probeOptions) => probes.run(spec, probeOptions),
    abandon: (serverId) => probes.abandon(serverId),
    call: createInProcess({ router, views }),
    logs: (serverId) => logs.get(serverId)?.list() ?? [],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    selectionsChanged: refreshSoon,
    handleHttp: (request, response, context) => gateway.handle(request, response, context),
    metrics() {
      const servers: Record<Phase, number> = { stopped: 0, starting: 0, running: 0, stopping: 0, error: 0 };
      let instances = 0;
      let inFlight = 0;
      for (const upstream of upstreams.values()) {
        const status = upstream.status();
        servers[status.phase]++;
        instances += status.instances;
        inFlight += status.inFlight;
      }
      return { sessions: gateway.count(), instances, inFlight, parked: parking.count(), servers };
    },
    async close() {
      closed = true;
      clearInterval(sweeper);
      gateway.close();
      await Promise.all([
        probes.close(),
        ...[...upstreams.values()].map((upstream) => upstream.stop(upstream.primary.graceMs)),
        ...removing,
      ]);
    },
  };
}

function secretsOf(spec: ServerSpec): string[] {
  return Object.values(spec.launch.kind === 'stdio' ? spec.launch.env : spec.launch.headers);
}
