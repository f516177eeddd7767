import { createHash } from 'node:crypto';

import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import { readCatalog } from '../catalog.ts';
import type { Catalog, JsonObject, LogLevel, ServerSpec, ServerStatus } from '../types.ts';
import type { Era } from '../versions.ts';
import type { OpenLink } from './link.ts';
import { openInstance } from './instance.ts';
import type { ClientIdentity, Instance } from './instance.ts';
import type { InstanceClient } from './exchange.ts';
import { createPool } from './pool.ts';
import type { Budget } from './pool.ts';
import { createPrimary, describeFailure, listenForChanges, listRequester } from './primary.ts';
import type { Primary, StartSlot } from './primary.ts';
import type { UpstreamState } from './state.ts';

/** What a caller needs of an instance. */
export interface Need {
  credential: string;
  /** Era the client speaks: the same one upstream loses nothing in translation. */
  era: Era;
  /** Session that owns what it opens; null for callers without one. */
  session: string | null;
  /** True where the client can be asked, subscribes or set a log level: nobody else may share its instance. */
  own: boolean;
  identity: ClientIdentity;
  client: InstanceClient | null;
  /** Runs once on an instance opened for the session, before its first use. */
  onOpened?: (instance: Instance) => Promise<void>;
}

/** The use of an instance for one call. */
export interface Lease {
  instance: Instance;
  release(): void;
}

export interface UpstreamOptions {
  openLink: OpenLink;
  hub: ClientIdentity;
  budget: Budget;
  slot: StartSlot;
  messageLimit: number;
  now: () => number;
  random: () => number;
  onStatus(upstream: Upstream, previous: UpstreamState): void;
  onCatalog(upstream: Upstream, catalog: Catalog): void;
  onLog(
    serverId: string,
    level: LogLevel,
    source: 'stdout' | 'stderr' | 'mcp' | 'hub',
    text: string,
    instance: string | null,
  ): void;
  /** The lists of one owner's instance (a session, or a credential) differ from the server's; null: they are gone. */
  onOwnCatalog(serverId: string, owner: string, catalog: Catalog | null): void;
}

export interface Upstream {
  readonly id: string;
  spec(): ServerSpec;
  update(spec: ServerSpec): void;
  status(): ServerStatus;
  readonly primary: Primary;
  /** An instance that fits, until released; rejects with why there is none. */
  acquire(need: Need, signal: AbortSignal): Promise<Lease>;
  /** Instance a session owns already, if any. */
  owned(session: string): Instance | null;
  release(session: string): void;
  sweep(): void;
  stop(graceMs: number): Promise<void>;
  touch(): void;
}

const LOG_LEVELS: Record<string, LogLevel> = { debug: 'debug', info: 'info', notice: 'info', warning: 'warn' };

function clientKey(need: Need): string {
  const who = JSON.stringify([need.identity.clientInfo['name'], need.identity.capabilities]);
  return `m:${need.credential}:${createHash('sha256').update(who).digest('base64url').slice(0, 16)}`;
}

export function createUpstream(first: ServerSpec, options: UpstreamOptions): Upstream {
  let spec = first;
  /** Whose credential the primary serves since its start, where instances belong to users. */
  let lentTo: { generation: number; credential: string } | null = null;
  /** What the server turned out not to speak, until its spec changes. */
  const refused = { legacy: false, modern: false };
  let lastActivityAt: number | null = null;
  let counter = 0;
  /** Keys of instances that serve one call at a time and are at it. */
  const busy = new Set<string>();
  const pool = createPool({ serverId: first.id, maxInstances: () => spec.limits.maxInstances, budget: options.budget });

  const logMessage = (params: JsonObject): void => {
    const level = LOG_LEVELS[String(params['level'])] ?? 'error';
    const data = params['data'];
    options.onLog(first.id, level, 'mcp', typeof data === 'string' ? data : JSON.stringify(data ?? null), null);
  };

  const heard = (method: string, params: JsonObject): void => {
    if (method === 'notifications/message') logMessage(params);
    else if (method.endsWith('/list_changed')) void primary.refresh();
  };

  /** An instance that is not the primary may come to offer other things than it, to its owner alone. */
  const readOwn = async (instance: Instance, owner: string): Promise<void> => {
    const ask = listRequester(instance, options.hub, spec.limits.startTimeoutMs);
    const read = await readCatalog(instance.identity, ask, primary.catalog(), () => undefined).catch(() => null);
    if (read !== null && instance.alive()) options.onOwnCatalog(first.id, owner, read);
  };

  const primary = createPrimary({
    spec: () => spec,
    openLink: options.openLink,
    hub: options.hub,
    messageLimit: options.messageLimit,
    now: options.now,
    random: options.random,
    slot: options.slot,
    log: (level, source, text, instance) => options.onLog(first.id, level, source, text, instance),
    onNotification: heard,
    onState: (_state, previous) => options.onStatus(upstream, previous),
    onCatalog: (catalog) => options.onCatalog(upstream, catalog),
  });

  const openFor = async (need: Need, eras: readonly Era[]): Promise<Instance> => {
    const id = `${spec.id}+${++counter}`;
    const owner = need.session ?? need.credential;
    const instance = await openInstance({
      spec,
      id,
      openLink: options.openLink,
      identity: need.identity,
      eras,
      client: need.client,
      messageLimit: options.messageLimit,
      now: options.now,
      signal: AbortSignal.timeout(spec.limits.startTimeoutMs),
      onLog: (level, source, text) => options.onLog(spec.id, level, source, text, id),
      onNotification: (method, params) => {
        if (method === 'notifications/message') return logMessage(params);
        if (method.endsWith('/list_changed')) return void readOwn(instance, owner);
        instance.client?.notify(method, params);
        for (const watcher of instance.watchers) watcher(method, params);
      },
      onClosed: () => options.onOwnCatalog(spec.id, owner, null),
    });
    listenForChanges(instance, options);
    await need.onOpened?.(instance);
    return instance;
  };

  const refusal = (error: unknown): unknown => {
    if (error instanceof RpcError && error.data !== undefined) return error;
    return new RpcError(ErrorCode.server, `Server ${spec.id} is not available: ${describeFailure(error)}`, {
      serverId: spec.id,
    });
  };

  const pooled = (key: string, need: Need, era: Era = 'legacy'): Promise<Instance> =>
    pool.get(key, () =>
      openFor(need, [era]).catch((error: unknown) => {
        throw refusal(error);
      }),
    );

  /** Tries an era the primary does not speak; remembers a server that has none, and gives null for it. */
  const otherEra = async (era: Era, key: string, need: Need): Promise<Instance | null> => {
    if (refused[era]) return null;
    try {
      return await pooled(key, need, era);
    } catch (error) {
      if (isLimit(error)) throw error;
      refused[era] = true;
      return null;
    }
  };

  const lease = (instance: Instance, done?: () => void): Lease => {
    instance.leases++;
    return {
      instance,
      release() {
        instance.leases--;
        instance.lastUsedAt = options.now();
        done?.();
      },
    };
  };

  /**
   * A child that asks cannot say which of two calls it asks for. Where no session owns it, it serves one call
   * at a time, and calls that overlap get children of their own.
   */
  const oneAtATime = async (need: Need): Promise<Lease> => {
    const base = clientKey(need);
    let key = base;
    for (let i = 1; busy.has(key); i++) key = `${base}#${i}`;
    busy.add(key);
    try {
      return lease(await pooled(key, need), () => busy.delete(key));
    } catch (error) {
      busy.delete(key);
      throw error;
    }
  };

  const legacyInstance = async (need: Need, main: Instance): Promise<Lease> => {
    const sessioned = need.session !== null && (need.own || spec.isolation === 'session');
    if (sessioned) return lease(await pooled(`s:${need.session}`, need));
    if (need.own && spec.launch.kind === 'stdio') return oneAtATime(need);
    if (need.own) return lease(await pooled(clientKey(need), need));
    if (spec.isolation === 'session') return lease(await pooled(clientKey(need), { ...need, client: null }));
    if (spec.isolation === 'shared') return lease(main);
    const { generation } = primary.state();
    if (lentTo === null || lentTo.generation !== generation) lentTo = { generation, credential: need.credential };
    return lease(
      lentTo.credential === need.credential ? main : await pooled(`u:${need.credential}`, { ...need, client: null }),
    );
  };

  const choose = async (need: Need, signal: AbortSignal): Promise<Lease> => {
    const main = await primary.ensure(signal);
    if (main.era === need.era) return main.era === 'legacy' ? legacyInstance(need, main) : lease(main);
    // A client loses least with a connection of its own era, where the server has both.
    if (main.era === 'modern') {
      const key = `s:${need.session ?? clientKey(need)}`;
      return lease((await otherEra('legacy', key, need)) ?? main);
    }
    const key = spec.isolation === 'shared' ? 'modern' : `modern:${need.credential}`;
    const stateless =
      spec.launch.kind === 'stdio'
        ? await otherEra('modern', key, { ...need, session: null, client: null, identity: options.hub })
        : null;
    return stateless === null ? legacyInstance(need, main) : lease(stateless);
  };

  const upstream: Upstream = {
    id: first.id,
    primary,
    spec: () => spec,
    update(wanted) {
      const restart = wanted.revision !== spec.revision;
      const was = spec.desired;
      spec = wanted;
      if (restart) Object.assign(refused, { legacy: false, modern: false });
      if (restart || wanted.desired !== 'on') void pool.close(primary.graceMs);
      if (restart || was !== wanted.desired || (wanted.desired === 'on' && primary.state().desired !== 'on')) {
        primary.send({ type: 'desired', desired: wanted.desired, restart });
      }
    },
    status: () => describe(upstream, pool.size(), pool.instances(), lastActivityAt),
    acquire: (need, signal) => choose(need, signal),
    owned: (session) => pool.peek(`s:${session}`),
    release(session) {
      void pool.drop(`s:${session}`, primary.graceMs);
    },
    touch() {
      lastActivityAt = options.now();
    },
    sweep() {
      const { idleMs } = spec.limits;
      if (idleMs <= 0) return;
      const before = options.now() - idleMs;
      pool.sweep(before);
      const main = primary.instance();
      if (main === null || main.inFlight() > (main.era === 'modern' ? 1 : 0) || main.leases > 0) return;
      if (Math.max(main.lastUsedAt, main.startedAt) < before) primary.send({ type: 'idle' });
    },
    async stop(graceMs) {
      primary.graceMs = graceMs;
      primary.send({ type: 'desired', desired: 'stopped', restart: false });
      await Promise.all([pool.close(graceMs), primary.settled()]);
    },
  };
  return upstream;
}

function isLimit(error: unknown): boolean {
  return error instanceof RpcError && isObject(error.data) && error.data['limit'] === true;
}

function describe(
  upstream: Upstream,
  pooled: number,
  instances: readonly Instance[],
  lastActivityAt: number | null,
): ServerStatus {
  const state = upstream.primary.state();
  const main = upstream.primary.instance();
  const catalog = upstream.primary.catalog();
  const asleep = state.asleep && state.phase === 'stopped' && state.desired === 'on';
  const listening = main?.era === 'modern' ? 1 : 0;
  return {
    id: upstream.id,
    phase: state.phase,
    health: state.phase === 'running' || asleep ? 'healthy' : state.phase === 'error' ? 'unhealthy' : 'unknown',
    asleep,
    needsSignIn: state.needsSignIn,
    message: messageOf(state, asleep),
    error: state.error,
    pid: main?.pid ?? null,
    startedAt: main?.startedAt ?? null,
    lastStartAt: state.lastStartAt,
    nextRetryAt: state.nextRetryAt,
    failures: state.failures,
    lastActivityAt,
    instances: pooled + (main === null ? 0 : 1),
    inFlight: instances.reduce(
      (sum, instance) => sum + instance.inFlight(),
      Math.max(0, (main?.inFlight() ?? 0) - listening),
    ),
    protocolVersion: main?.identity.protocolVersion ?? catalog?.protocolVersion ?? null,
    serverInfo: catalog?.serverInfo ?? null,
    toolCount: catalog?.tools.length ?? 0,
  };
}

function messageOf(state: UpstreamState, asleep: boolean): string {
  if (state.desired === 'disabled') return 'Server is disabled';
  if (asleep) return 'Server is asleep and starts with the next call';
  switch (state.phase) {
    case 'running':
      return 'Server is running';
    case 'starting':
      return 'Server is starting';
    case 'stopping':
      return 'Server is stopping';
    case 'stopped':
      return 'Server is stopped';
    case 'error':
      return state.needsSignIn ? 'Server needs a sign-in' : (state.error ?? 'Server failed');
  }
}
