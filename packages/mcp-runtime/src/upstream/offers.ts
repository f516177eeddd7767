import { readCatalog, sameOffer } from '../catalog.ts';
import { Cancellation, orAborted, type CancelSignal } from '../hot/cancellation.ts';
import type { Catalog, ServerSpec } from '../types.ts';
import type { Instance } from './instance.ts';
import { listRequester } from './lists.ts';
import { Owner } from './owners.ts';
import type { Need } from './places.ts';
import type { Lease } from './pool.ts';
import type { Primary } from './supervised.ts';

/**
 * What clients that can be asked are offered. Many servers have more for them than the primary lists, which nobody
 * stands behind; so it is read from an instance of such a client's own, once for all of a credential that answer the
 * same questions.
 */
export interface Offers {
  /** Remembers what an instance opened for such clients listed before anybody used it. */
  note(owner: string, catalog: Catalog): void;
  /** Goes back to that from what an instance told that has ended. */
  revert(owner: string): void;
  /** A way to find out, which never rejects; null where it is known, or would take what `how` forbids. */
  learn(need: Need, how: { wake: boolean }): (() => Promise<void>) | null;
  /** Forgets everything: the server may offer something else by now. */
  forget(): void;
}

export interface OffersOptions {
  spec: () => ServerSpec;
  primary: Primary;
  elapsed: () => number;
  acquire(need: Need, signal: CancelSignal): Lease | Promise<Lease>;
  /** Resolves once an instance that reads its lists by itself has done so and noted them. */
  listed(instance: Instance): Promise<void> | undefined;
  /** null: as everybody. */
  tell(owner: string, catalog: Catalog | null): void;
}

/** Owners remembered; those read longest ago go first. */
const mostKept = 100;
/** Where it could not be found out it is not tried again with every list. */
const failedMs = 60_000;

/** How long an instance is held for its lists; one that does not answer must be able to sleep. */
const patienceMs = 10_000;

interface KnownCatalog {
  /** null: what everybody is offered. */
  catalog: Catalog | null;
  until: number;
}

export function createOffers(options: OffersOptions): Offers {
  const { spec, primary, elapsed, acquire, listed, tell } = options;
  const known = new Map<string, KnownCatalog>();
  const learning = new Map<string, Promise<void>>();
  let epoch = 0;
  function knows(owner: string): boolean {
    return (known.get(owner)?.until ?? 0) > elapsed();
  }

  function note(owner: string, catalog: Catalog): void {
    const own = sameOffer(primary.catalog(), catalog) ? null : catalog;
    known.delete(owner);
    known.set(owner, { catalog: own, until: Number.POSITIVE_INFINITY });
    tell(owner, own);
    const [oldest] = known.keys();
    if (known.size <= mostKept || oldest === undefined) return;
    known.delete(oldest);
    tell(oldest, null);
  }

  /** A stateless server is told with each request what the client can be asked. */
  function read(instance: Instance, need: Need, signal: AbortSignal): Promise<Catalog> {
    const request = listRequester(instance, need.identity, { timeoutMs: spec().limits.startTimeoutMs, signal });
    return readCatalog(instance.identity, request, primary.catalog(), () => undefined);
  }

  async function find(owner: string, need: Need): Promise<void> {
    const begun = epoch;
    const patience = AbortSignal.timeout(patienceMs);
    try {
      // A session that has ended gives back what it owns once: nothing may be opened for it afterwards.
      const lease = await acquire(need, need.ended ?? new Cancellation());
      try {
        await orAborted(Promise.resolve(listed(lease.instance)), patience);
        if (!knows(owner)) note(owner, await read(lease.instance, need, patience));
      } finally {
        lease.release();
      }
    } catch {
      // Lists do without it, and a call will say why.
    } finally {
      const gone = need.ended?.aborted ?? false;
      if (epoch === begun && !gone && !knows(owner)) known.set(owner, { catalog: null, until: elapsed() + failedMs });
    }
  }

  return {
    note,
    revert: (owner) => tell(owner, known.get(owner)?.catalog ?? null),
    learn(need, { wake }) {
      const { desired, isolation } = spec();
      // People who share a server between all want no process for each client before there is a call for it.
      if (isolation === 'shared' || desired !== 'on') return null;
      const { phase } = primary.state();
      if (phase === 'error' || (!wake && primary.ready() === null)) return null;
      const owner = Owner.able(need.credential, need.identity.capabilities);
      if (knows(owner)) return null;
      return () => {
        const going = learning.get(owner) ?? find(owner, need).finally(() => learning.delete(owner));
        learning.set(owner, going);
        return going;
      };
    },
    forget() {
      epoch++;
      for (const owner of known.keys()) tell(owner, null);
      known.clear();
    },
  };
}
