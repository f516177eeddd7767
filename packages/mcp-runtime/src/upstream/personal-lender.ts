import type { CancelSignal } from '../hot/cancellation.ts';
import { isModernVersion, type Era } from '../versions.ts';
import type { Instance } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { leaseAt, leaseMain, leaseOwn, otherEra, type LendingState, type FoundEras } from './lending.ts';
import { standingOf, type Owned } from './owned.ts';
import { anonymous, personPlace, type Need } from './places.ts';
import { isGone, type Lease } from './pool.ts';

/** Lends instances of a server whose instances belong to people: each is lent to the person it was opened for alone. */
export interface PersonalLender {
  /** Throws CallerNeeded where the person has to do something first. */
  acquire(need: Need, signal: CancelSignal): Lease | Promise<Lease>;
}

/** What is changed while an instance is opened is looked at again so often. */
const mostTries = 3;

/** The era that the server speaks first, as far as it is known. */
function knownEra({ options: { primary } }: LendingState): Era | null {
  const running = primary.ready();
  if (running !== null) return running.era;
  const catalog = primary.catalog();
  if (catalog === null) return null;
  return isModernVersion(catalog.protocolVersion) ? 'modern' : 'legacy';
}

/** The primary, where it was opened with what this person has now. */
function ownPrimary({ options: { primary } }: LendingState, { person, stamp }: Owned): Instance | null {
  const owner = primary.owner();
  return owner?.person === person && owner.stamp === stamp ? primary.ready() : null;
}

/** The instance for all calls of a person that may share one: the primary where it is the person's. */
async function leaseShared(books: LendingState, need: Need, owned: Owned, signal: CancelSignal): Promise<Lease> {
  const { options } = books;
  const { primary, hub } = options;
  const spec = options.spec();
  const running = ownPrimary(books, owned);
  if (running !== null) return leaseMain(books, running);
  if (primary.ready() === null && primary.feeder() === owned.person) {
    await primary.ensure(signal).catch((error: unknown) => {
      // What the person gave was refused: an instance of its own says so.
      if (primary.feeder() === owned.person) throw error;
    });
    const started = ownPrimary(books, owned);
    if (started !== null) return leaseMain(books, started);
  }
  const place = personPlace(owned.person, knownEra(books), spec, owned.stamp);
  return leaseAt(books, place, anonymous(need, hub), signal);
}

export function createPersonalLender(books: LendingState): PersonalLender {
  const { options } = books;
  /** By the person's shared instance. */
  const found = new WeakMap<Instance, FoundEras>();
  function foundOf(main: Instance): FoundEras {
    const known = found.get(main) ?? { speaks: {}, isSlow: false };
    found.set(main, known);
    return known;
  }

  async function lend(need: Need, owned: Owned, signal: CancelSignal): Promise<Lease> {
    const { stamp } = owned;
    const isOwn = need.own || options.spec().isolation === 'session';
    if (isOwn && need.era === 'legacy' && knownEra(books) === 'legacy') return leaseOwn(books, need, stamp, signal);
    const shared = await leaseShared(books, need, owned, signal);
    try {
      const main = shared.instance;
      const tried = main.era === 'modern' || wayTo(options.spec().launch) === 'stdio';
      const way = { main, found: foundOf(main), stamp };
      const other = main.era !== need.era && tried ? await otherEra(books, need, way, signal) : null;
      const better = other ?? (main.era === 'legacy' && isOwn ? await leaseOwn(books, need, stamp, signal) : null);
      if (better === null) return shared;
      shared.release();
      return better;
    } catch (error) {
      shared.release();
      throw error;
    }
  }

  /** What is open and fits, as it is for nearly every call. */
  function leaseNow(need: Need, owned: Owned): Lease | null {
    const spec = options.spec();
    if (need.own || spec.isolation === 'session') return null;
    const running = ownPrimary(books, owned);
    if (running !== null) return running.era === need.era ? leaseMain(books, running) : null;
    const shared = options.pool.leaseOpen(personPlace(owned.person, null, spec, owned.stamp).key, owned);
    if (shared === null || shared.instance.era === need.era) return shared;
    shared.release();
    return null;
  }

  async function retried(need: Need, signal: CancelSignal): Promise<Lease> {
    for (let tries = 1; ; tries++) {
      try {
        return await lend(need, standingOf(options.personal, options.spec().id, need.person), signal);
      } catch (error) {
        // It was opened with what the person had before, and dropped.
        if (!isGone(error) || tries >= mostTries || signal.aborted) throw error;
      }
    }
  }

  return {
    acquire(need, signal) {
      const owned = standingOf(options.personal, options.spec().id, need.person);
      return leaseNow(need, owned) ?? retried(need, signal);
    },
  };
}
