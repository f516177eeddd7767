import type { CancelSignal } from '../hot/cancellation.ts';
import type { Personal } from '../personal.ts';
import type { ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import { cancelled, notOn, notOpened } from './failures.ts';
import type { ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { LinkError } from './link.ts';
import { anonymous, clientKey, otherPlace, ownPlace, type Need, type InstanceKey } from './places.ts';
import { isFull, isGone, type Lease, type Pool } from './pool.ts';
import type { Primary } from './supervised.ts';

export interface LenderOptions {
  spec: () => ServerSpec;
  primary: Primary;
  pool: Pool;
  personal: Personal;
  hub: ClientIdentity;
  elapsed: () => number;
  open(place: InstanceKey, need: Need, signal: CancelSignal): Promise<Instance>;
}

/** The shortest time that a caller waits for a server to show that it speaks the other era too. */
const shortestWaitMs = 5000;

/** What a server turned out to speak besides the era of its main instance. */
export interface FoundEras {
  speaks: Partial<Record<Era, boolean>>;
  /** It is being asked for the other era, and callers no longer wait for its answer. */
  isSlow: boolean;
}

/** What is kept of who was lent what. */
export interface LendingState {
  readonly options: LenderOptions;
  /** Whose credential the primary serves since its start, where instances belong to users. */
  lentTo: { generation: number; credential: string } | null;
  /** Of one start of the primary. */
  found: FoundEras & { readonly generation: number };
  /** Keys of instances that serve one call at a time and are at it. */
  readonly busy: Set<string>;
}

/** The use of an instance that the pool does not know. */
export function leaseMain({ options }: LendingState, main: Instance): Lease {
  main.leases++;
  function release(): void {
    main.leases--;
    main.lastUsedAt = options.elapsed();
  }
  return { instance: main, release };
}

/** The instance of a place, opened where it is not yet. */
export async function leasePlace(
  { options }: LendingState,
  place: InstanceKey,
  need: Need,
  signal: CancelSignal,
): Promise<Lease> {
  // What was waited for until now may have changed everything.
  if (signal.aborted) throw cancelled();
  if (options.primary.state().desired !== 'on') throw notOn(options.spec());
  return options.pool.lease(place.key, place, (dropped) => options.open(place, need, dropped));
}

/**
 * A child that asks cannot say which of two calls it asks for. Where no session owns it, it serves one call
 * at a time, and calls that overlap get children of their own.
 */
async function oneAtATime(books: LendingState, place: InstanceKey, need: Need, signal: CancelSignal): Promise<Lease> {
  const { busy } = books;
  let { key } = place;
  for (let i = 1; busy.has(key); i++) key = `${place.key}#${i}`;
  busy.add(key);
  try {
    const lease = await leasePlace(books, { ...place, key }, need, signal);
    function release(): void {
      busy.delete(key);
      lease.release();
    }
    return { instance: lease.instance, release };
  } catch (error) {
    busy.delete(key);
    throw error;
  }
}

/** Keeps what a failed opening says of the era. A server that cannot be reached now says nothing of it. */
function noteRefusal(found: FoundEras, era: Era, error: unknown): void {
  if (error instanceof LinkError && error.code === 'unreachable') return;
  if (!isFull(error) && !isGone(error)) found.speaks[era] = false;
}

/**
 * The lease, or null where opening takes longer than a caller should wait. It goes on then, and what comes of it is
 * kept for later callers: a program starts slowly on a busy machine, which says nothing of what it speaks.
 */
async function leaseSoon(found: FoundEras, era: Era, opening: Promise<Lease>, waitMs: number): Promise<Lease | null> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs).unref();
  });
  const lease = await Promise.race([opening, waited]).finally(() => clearTimeout(timer));
  if (lease !== null) return lease;
  found.isSlow = true;
  void opening
    .then(
      (late) => {
        late.release();
        found.speaks[era] = true;
      },
      (error: unknown) => noteRefusal(found, era, error),
    )
    .finally(() => (found.isSlow = false));
  return null;
}

/** The main instance through which a caller comes to another era, and what is known of that. */
export interface OtherEra {
  main: Instance;
  found: FoundEras;
  /** See `Place`. */
  stamp: string | null;
}

/** Tries the era the main instance does not speak; remembers a server that has it not, and gives null for it. */
export async function otherEra(
  books: LendingState,
  need: Need,
  { main, found, stamp }: OtherEra,
  signal: CancelSignal,
): Promise<Lease | null> {
  const { primary, hub, spec } = books.options;
  const { era } = need;
  if (found.speaks[era] === false || found.isSlow) return null;
  const place = otherPlace(need, spec(), stamp);
  // Nobody in particular stands behind a connection that many use.
  const shown = place.key === clientKey(need) || place.own ? need : anonymous(need, hub);
  try {
    const opening = leasePlace(books, place, shown, signal);
    if (found.speaks[era] === true) return await opening;
    const lease = await leaseSoon(found, era, opening, Math.max(shortestWaitMs, 5 * main.openMs));
    if (lease !== null) found.speaks[era] = true;
    return lease;
  } catch (error) {
    if (isFull(error) || isGone(error) || signal.aborted || primary.state().desired !== 'on') throw error;
    if (found.speaks[era] === true) throw notOpened(spec(), error);
    noteRefusal(found, era, error);
    return null;
  }
}

/** The instance that nobody but the caller's session, or its calls without one, use. */
export function leaseOwn(
  books: LendingState,
  need: Need,
  stamp: string | null,
  signal: CancelSignal,
): Lease | Promise<Lease> {
  const { options } = books;
  const spec = options.spec();
  const place = ownPlace(need, 'legacy', spec, stamp);
  const isAlone = need.own && need.alone && need.session === null && wayTo(spec.launch) === 'stdio';
  return isAlone ? refusing(spec, oneAtATime(books, place, need, signal)) : leaseAt(books, place, need, signal);
}

/** The instance of a place, at once where it is open. */
export function leaseAt(
  books: LendingState,
  place: InstanceKey,
  need: Need,
  signal: CancelSignal,
): Lease | Promise<Lease> {
  const { options } = books;
  return options.pool.leaseOpen(place.key, place) ?? refusing(options.spec(), leasePlace(books, place, need, signal));
}

function refusing(spec: ServerSpec, lease: Promise<Lease>): Promise<Lease> {
  return lease.catch((error: unknown) => {
    throw notOpened(spec, error);
  });
}
