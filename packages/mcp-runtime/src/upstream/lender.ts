import type { CancelSignal } from '../hot/cancellation.ts';
import type { Instance } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { leaseAt, leaseMain, leaseOwn, otherEra, type LendingState, type LenderOptions } from './lending.ts';
import { createPersonalLender } from './personal-lender.ts';
import { credentialPlace, type Need } from './places.ts';
import type { Lease } from './pool.ts';

/** Finds or opens the instance that fits a caller. */
export interface Lender {
  /** At once where the instance is open, as it is for nearly every call. */
  acquire(need: Need, signal: CancelSignal): Lease | Promise<Lease>;
}

/** Whether the primary serves this user: the first who came since its start. */
function isLentTo(books: LendingState, credential: string): boolean {
  const { generation } = books.options.primary.state();
  if (books.lentTo?.generation !== generation) books.lentTo = { generation, credential };
  return books.lentTo.credential === credential;
}

function fromLegacy(books: LendingState, need: Need, main: Instance, signal: CancelSignal): Lease | Promise<Lease> {
  const spec = books.options.spec();
  if (need.own || spec.isolation === 'session') return leaseOwn(books, need, null, signal);
  if (spec.isolation === 'shared' || isLentTo(books, need.credential)) return leaseMain(books, main);
  return leaseAt(books, credentialPlace(need, spec), need, signal);
}

/** What is known of the other era of what the primary's present start runs. */
function foundNow(books: LendingState): LendingState['found'] {
  const { generation } = books.options.primary.state();
  if (books.found.generation !== generation) books.found = { generation, speaks: {}, isSlow: false };
  return books.found;
}

export function createLender(options: LenderOptions): Lender {
  const found = { generation: 0, speaks: {}, isSlow: false };
  const books: LendingState = { options, lentTo: null, found, busy: new Set() };
  async function lend(need: Need, asked: Promise<Instance>, signal: CancelSignal): Promise<Lease> {
    const main = await asked;
    // A client loses least with a connection of its own era, where the server has both. An HTTP server was
    // asked for the stateless era first, so a legacy primary says that it has none.
    const tried = main.era === 'modern' || wayTo(options.spec().launch) === 'stdio';
    const way = { main, found: foundNow(books), stamp: null };
    const lease = main.era !== need.era && tried ? await otherEra(books, need, way, signal) : null;
    return lease ?? fromMain(need, main, signal);
  }
  function fromMain(need: Need, main: Instance, signal: CancelSignal): Lease | Promise<Lease> {
    return main.era === 'legacy' ? fromLegacy(books, need, main, signal) : leaseMain(books, main);
  }
  const ofPeople = createPersonalLender(books);
  return {
    acquire(need, signal) {
      if (options.spec().personal === true) return ofPeople.acquire(need, signal);
      const main = options.primary.ready();
      if (main?.era === need.era) return fromMain(need, main, signal);
      return lend(need, options.primary.ensure(signal), signal);
    },
  };
}
