import { sameOffer } from '../catalog.ts';
import type { CancelSignal } from '../hot/cancellation.ts';
import type { ServerSpec, ServerStatus } from '../types.ts';
import { heldBack } from './holds.ts';
import type { Instance } from './instance.ts';
import { createLender } from './lender.ts';
import { createOffers, type Offers } from './offers.ts';
import { logMessage, openPlace, type UpstreamParts, type UpstreamFields } from './open-place.ts';
import { isCurrent, standingOf } from './owned.ts';
import { createPersonLists } from './person-lists.ts';
import { sessionKey, type Need, type InstanceKey } from './places.ts';
import { createPool, type Lease } from './pool.ts';
import { createPrimary } from './primary.ts';
import { describeStatus } from './status.ts';
import { defaultGraceMs, type Primary } from './supervised.ts';
import type { UpstreamOptions } from './upstream-options.ts';

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
  /** Resolves once it is known what the server offers this caller. */
  ready(need: Need, signal: CancelSignal): Promise<void>;
  /** What people may open it with changed: instances that were opened otherwise end. */
  personalChanged(): void;
  /** Puts idle instances to sleep. */
  sweep(): void;
  /** Ends every instance and starts the primary anew. */
  restart(): void;
  stop(graceMs: number): Promise<void>;
  /** Stops it for good. */
  remove(graceMs: number): Promise<void>;
  touch(): void;
}

/** An idle primary becomes that of whoever gave credentials last. */
function passOnPrimary({ personal: isPersonal }: ServerSpec, primary: Primary): void {
  const owner = isPersonal === true ? primary.owner() : null;
  const main = primary.ready();
  if (owner === null || main === null || main.inFlight() > 0 || main.leases > 0) return;
  const feeder = primary.feeder();
  if (feeder !== null && feeder !== owner.person) primary.changeOwner();
}

export function createUpstream(first: ServerSpec, options: UpstreamOptions, after = Promise.resolve()): Upstream {
  const parts: UpstreamFields = { options, id: first.id, spec: first, counter: 0, lastActivityAt: null };
  function spec(): ServerSpec {
    return parts.spec;
  }
  const { hub, now, elapsed, budget, holds, personal } = options;
  const pool = createPool({ serverId: first.id, maxInstances: () => spec().limits.maxInstances, budget, elapsed });
  const primary: Primary = createPrimary({
    ...options,
    spec,
    after,
    log: (level, source, text, instance) => options.onLog(first.id, level, source, text, instance),
    onNotification(method, params, hide) {
      if (method === 'notifications/message') logMessage(parts, params, hide);
      else if (method.endsWith('/list_changed')) void primary.refresh();
    },
    onState: (_state, previous) => options.onStatus(upstream, previous),
    onOwned(owner, catalog) {
      const shared = primary.catalog();
      persons.note(owner, shared !== null && sameOffer(shared, catalog) ? null : catalog);
    },
    onCatalog(catalog) {
      offers.forget();
      options.onCatalog(upstream, catalog);
    },
  });
  const listed: UpstreamParts['listed'] = new WeakMap();
  const offers = createOffers({
    spec,
    primary,
    elapsed,
    acquire: (need, signal) => lender.acquire(need, signal),
    listed: (instance) => listed.get(instance),
    tell: (owner, catalog) => options.onOwnCatalog(first.id, owner, catalog),
  });
  function open(place: InstanceKey, need: Need, dropped: AbortSignal): Promise<Instance> {
    return openPlace(parts, { primary, pool, offers, persons, listed }, { place, need, dropped });
  }
  const persons = createPersonLists((owner, catalog) => options.onOwnCatalog(first.id, owner, catalog));
  const lender = createLender({ spec, primary, pool, personal, hub, elapsed, open });

  function forgetLists(): void {
    offers.forget();
    persons.forget(() => false);
  }

  const upstream: Upstream = {
    id: first.id,
    primary,
    spec,
    learn: (need, how) => offers.learn(need, how),
    update(wanted) {
      const restart = wanted.revision !== parts.spec.revision;
      if (restart) forgetLists();
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
    async ready(need, signal) {
      const { id, personal: isPersonal } = spec();
      if (isPersonal !== true) return void (await primary.ensure(signal));
      // Who has yet to do something hears of that, and not that nobody has.
      standingOf(personal, id, need.person);
      if (persons.has(need.person)) return;
      await primary.ensure(signal).catch(async (error: unknown) => {
        if (primary.owner()?.person === need.person) throw error;
        // What keeps its owner from the server keeps nobody else.
        const lease = await lender.acquire(need, signal);
        await Promise.resolve(listed.get(lease.instance)).finally(lease.release);
      });
    },
    personalChanged() {
      const { id, personal: isPersonal } = spec();
      if (isPersonal !== true) return;
      pool.endStale((owned) => isCurrent(personal, id, owned), defaultGraceMs);
      persons.forget((owned) => isCurrent(personal, id, owned));
      offers.forget();
      primary.reconsider();
    },
    sweep() {
      const { idleMs } = spec().limits;
      passOnPrimary(spec(), primary);
      if (idleMs <= 0) return;
      const before = elapsed() - idleMs;
      pool.sweep(before);
      const main = primary.instance();
      // A server some of whose instances are in use is not idle.
      if (main === null || main.inFlight() > 0 || main.leases > 0 || pool.size() > 0) return;
      if (main.lastUsedAt < before) primary.sleep();
    },
    restart() {
      forgetLists();
      holds.release(first.id);
      void pool.close(defaultGraceMs);
      primary.desire('on', true);
    },
    async stop(graceMs) {
      await Promise.all([pool.close(graceMs), primary.stop(graceMs)]);
    },
    remove(graceMs) {
      pool.retire();
      forgetLists();
      return upstream.stop(graceMs);
    },
  };
  return upstream;
}
