import { sameOffer } from '../catalog.ts';
import type { CancelSignal } from '../hot/cancellation.ts';
import type { StartSlot } from '../start-slots.ts';
import type { Catalog, JsonObject, LogLevel, LogLine, ServerSpec, ServerStatus } from '../types.ts';
import type { Budget } from './budget.ts';
import { listenForChanges } from './change-stream.ts';
import { describeFailure } from './failures.ts';
import { canBeAsked, type ClientIdentity } from './handshake.ts';
import { heldBack, type Holds } from './holds.ts';
import type { Instance } from './instance.ts';
import { createLender, sessionKey, type Need, type Place } from './lender.ts';
import type { OpenLink } from './link.ts';
import { createLists, type Lists } from './lists.ts';
import { readLogMessage } from './log-message.ts';
import { createOffers, type Offers } from './offers.ts';
import { openAnyWay } from './open-any-way.ts';
import { throwIfEnded } from './open-listed.ts';
import { Owner } from './owners.ts';
import { createPool, type Lease, type Pool } from './pool.ts';
import { createPrimary } from './primary.ts';
import { limitStart } from './start-limit.ts';
import type { UpstreamState } from './state.ts';
import { describeStatus } from './status.ts';
import { defaultGraceMs, type Primary } from './supervised.ts';

export interface UpstreamOptions {
  openLink: OpenLink;
  hub: ClientIdentity;
  budget: Budget;
  slot: StartSlot;
  holds: Holds;
  messageLimit: number;
  now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed: () => number;
  random: () => number;
  onStatus(upstream: Upstream, previous: UpstreamState): void;
  onCatalog(upstream: Upstream, catalog: Catalog): void;
  onLog(serverId: string, level: LogLevel, source: LogLine['source'], text: string, instance: string | null): void;
  /** The lists that one owner's instance tells differ from the server's (see `Owner`); null: they are gone. */
  onOwnCatalog(serverId: string, owner: string, catalog: Catalog | null): void;
}

/** One server: its primary, its other instances, and who gets which. */
export interface Upstream {
  readonly id: string;
  readonly primary: Primary;
  spec(): ServerSpec;
  update(spec: ServerSpec): void;
  status(): ServerStatus;
  /** Of the programs that the hub started for it. */
  pids(): number[];
  /** An instance that fits, until released; rejects with why there is none. */
  acquire(need: Need, signal: CancelSignal): Lease | Promise<Lease>;
  /** Finds out what a client that can be asked is offered; null where that is known or may not be found out. */
  learn: Offers['learn'];
  /** Instance a session owns already, if any. */
  owned(session: string): Instance | null;
  /** Gives back what a session owns. */
  release(session: string): void;
  /** Puts idle instances to sleep. */
  sweep(): void;
  /** Ends every instance and starts the primary anew. */
  restart(): void;
  stop(graceMs: number): Promise<void>;
  /** Stops it for good. */
  remove(graceMs: number): Promise<void>;
  touch(): void;
}

interface Parts {
  readonly options: UpstreamOptions;
  readonly id: string;
  spec: ServerSpec;
  counter: number;
  lastActivityAt: number | null;
}

/** Puts a server's own log message into the hub's log of it. */
function logMessage({ options, id }: Parts, params: JsonObject): void {
  const { level, text } = readLogMessage(params);
  options.onLog(id, level, 'mcp', text, null);
}

/** The lists of an instance that is not the primary: it may offer other things, to its owner alone. */
function ownLists(
  parts: Parts,
  known: Catalog | null,
  onChange: (catalog: Catalog) => void,
  instance: () => Instance | null,
): Lists {
  const { options } = parts;
  const lists = createLists({
    hub: options.hub,
    random: options.random,
    instance: () => (instance()?.alive() === true ? instance() : null),
    timeoutMs: () => parts.spec.limits.startTimeoutMs,
    same: sameOffer,
    onLog: () => undefined,
    onChange,
    onProblem: () => undefined,
  });
  if (known !== null) lists.seed(known);
  return lists;
}

/** What the instances of a server stand among. */
interface Around {
  primary: Primary;
  pool: Pool;
  offers: Offers;
  /** By instance whose client can be asked: its lists have been read, and noted. */
  listed: WeakMap<Instance, Promise<void>>;
}

/** The lists of a place, told to its owner; what a client that can be asked is offered stays known. */
function placeLists(
  parts: Parts,
  around: Around,
  { place, need }: { place: Place; need: Need },
  current: () => Instance | null,
) {
  const { credential, identity } = need;
  const owner = place.owner();
  const able = canBeAsked(identity.capabilities) ? Owner.able(credential, identity.capabilities) : null;
  function tell(catalog: Catalog | null): void {
    parts.options.onOwnCatalog(parts.id, owner, catalog);
  }
  const lists = ownLists(parts, around.primary.catalog(), tell, current);
  return {
    refresh: () => void lists.refresh(),
    /** Many servers offer more to a client that can be asked, and tell of it too early or not at all. */
    begin(instance: Instance) {
      if (able === null) return lists.catchUp();
      const first = lists.refresh().then(() => {
        const catalog = lists.catalog();
        if (catalog !== null && instance.alive()) around.offers.note(able, catalog);
      });
      around.listed.set(instance, first);
    },
    ended() {
      if (owner === able) around.offers.revert(owner);
      else tell(null);
    },
  };
}

async function openPlace(
  parts: Parts,
  around: Around,
  { place, need, dropped }: { place: Place; need: Need; dropped: AbortSignal },
): Promise<Instance> {
  const { options, spec } = parts;
  const id = `${spec.id}+${++parts.counter}`;
  const limit = limitStart(dropped, place.limitMs, spec.launch);
  let instance: Instance | null = null;
  const { refresh, begin, ended } = placeLists(parts, around, { place, need }, () => instance);
  let opened: Instance;
  try {
    opened = await openAnyWay({
      spec,
      id,
      openLink: options.openLink,
      identity: need.identity,
      eras: [place.era],
      client: place.own ? need.client : null,
      messageLimit: options.messageLimit,
      now: options.now,
      elapsed: options.elapsed,
      signal: limit.signal,
      onDownload: limit.more,
      onLog: (level, source, text) => options.onLog(spec.id, level, source, text, id),
      onNotification(method, params) {
        if (method === 'notifications/message') return logMessage(parts, params);
        if (method.endsWith('/list_changed')) return refresh();
        instance?.client?.notify(method, params);
        for (const watcher of instance?.watchers ?? []) watcher.notify(method, params);
      },
      onClosed() {
        if (instance !== null) around.pool.forget(instance);
        ended();
      },
    });
  } finally {
    limit.done();
  }
  instance = opened;
  if (place.own) await prepare(opened, parts, need);
  listenForChanges(opened, { ...options, onResumed: refresh });
  begin(opened);
  return opened;
}

/** Sets up what the session had on the instance before; a server that refuses is used all the same. */
async function prepare(instance: Instance, { options, id }: Parts, need: Need): Promise<void> {
  try {
    await need.onOpened(instance);
  } catch (error) {
    const text = `A new connection was not set up as before: ${describeFailure(error)}`;
    options.onLog(id, 'warn', 'hub', text, instance.id);
  }
  throwIfEnded(instance);
}

export function createUpstream(first: ServerSpec, options: UpstreamOptions, after = Promise.resolve()): Upstream {
  const parts: Parts = { options, id: first.id, spec: first, counter: 0, lastActivityAt: null };
  function spec(): ServerSpec {
    return parts.spec;
  }
  const { hub, now, elapsed, budget, holds } = options;
  const pool = createPool({ serverId: first.id, maxInstances: () => spec().limits.maxInstances, budget, elapsed });
  const primary: Primary = createPrimary({
    ...options,
    spec,
    after,
    log: (level, source, text, instance) => options.onLog(first.id, level, source, text, instance),
    onNotification(method, params) {
      if (method === 'notifications/message') logMessage(parts, params);
      else if (method.endsWith('/list_changed')) void primary.refresh();
    },
    onState: (_state, previous) => options.onStatus(upstream, previous),
    onCatalog(catalog) {
      offers.forget();
      options.onCatalog(upstream, catalog);
    },
  });
  const listed: Around['listed'] = new WeakMap();
  const offers = createOffers({
    spec,
    primary,
    elapsed,
    acquire: (need, signal) => lender.acquire(need, signal),
    listed: (instance) => listed.get(instance),
    tell: (owner, catalog) => options.onOwnCatalog(first.id, owner, catalog),
  });
  function open(place: Place, need: Need, dropped: AbortSignal): Promise<Instance> {
    return openPlace(parts, { primary, pool, offers, listed }, { place, need, dropped });
  }
  const lender = createLender({ spec, primary, pool, hub, elapsed, open });

  const upstream: Upstream = {
    id: first.id,
    primary,
    spec,
    learn: (need, how) => offers.learn(need, how),
    update(wanted) {
      const restart = wanted.revision !== parts.spec.revision;
      if (restart) offers.forget();
      const changed = restart || wanted.desired !== parts.spec.desired;
      parts.spec = wanted;
      if (restart || wanted.desired !== 'on') void pool.close(defaultGraceMs);
      if (restart) holds.release(wanted.id);
      if (!changed && primary.state().desired === wanted.desired) return;
      const deaths = wanted.desired === 'on' ? holds.of(wanted.id) : null;
      if (deaths !== null) options.onLog(wanted.id, 'warn', 'hub', heldBack.text, null);
      primary.desire(wanted.desired, restart, deaths);
    },
    status() {
      const { id, lastActivityAt } = parts;
      return describeStatus({ id, primary, others: pool.size(), instances: pool.instances(), lastActivityAt });
    },
    pids() {
      if (spec().launch.kind !== 'stdio') return [];
      return [primary.instance(), ...pool.instances()].flatMap((instance) => instance?.pid ?? []);
    },
    acquire: (need, signal) => lender.acquire(need, signal),
    owned: (session) => pool.peek(sessionKey(session)),
    release: (session) => void pool.drop(sessionKey(session), defaultGraceMs),
    touch() {
      parts.lastActivityAt = now();
    },
    sweep() {
      const { idleMs } = spec().limits;
      if (idleMs <= 0) return;
      const before = elapsed() - idleMs;
      pool.sweep(before);
      const main = primary.instance();
      // A server some of whose instances are in use is not idle.
      if (main === null || main.inFlight() > 0 || main.leases > 0 || pool.size() > 0) return;
      if (main.lastUsedAt < before) primary.sleep();
    },
    restart() {
      offers.forget();
      holds.release(first.id);
      void pool.close(defaultGraceMs);
      primary.desire('on', true);
    },
    async stop(graceMs) {
      await Promise.all([pool.close(graceMs), primary.stop(graceMs)]);
    },
    remove(graceMs) {
      pool.retire();
      offers.forget();
      return upstream.stop(graceMs);
    },
  };
  return upstream;
}
