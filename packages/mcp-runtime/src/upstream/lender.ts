import { createHash } from 'node:crypto';
import type { CancelSignal } from '../hot/cancellation.ts';
import type { ServerSpec } from '../types.ts';
import type { Era } from '../versions.ts';
import type { InstanceClient } from './exchange.ts';
import { cancelled, notOn, notOpened } from './failures.ts';
import { canBeAsked, type ClientIdentity } from './handshake.ts';
import type { Instance } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { LinkError } from './link.ts';
import { Owner } from './owners.ts';
import { isFull, isGone, type Lease, type Pool } from './pool.ts';
import type { Primary } from './supervised.ts';

/** What a caller needs of an instance. */
export interface Need {
  credential: string;
  /** Who stands behind the credential. */
  person: string;
  /** Era the client speaks: the same one upstream loses nothing in translation. */
  era: Era;
  /** Session that owns what it opens; null for callers without one. */
  session: string | null;
  /** Aborts when the session ends; absent where there is none. */
  ended?: CancelSignal | undefined;
  /** True where the client can be asked, subscribes or set a log level: nobody else may share its instance. */
  own: boolean;
  /** True where what is done may lead to questions, which a program cannot ask for one call of several. */
  alone: boolean;
  identity: ClientIdentity;
  client: InstanceClient | null;
  /** Runs once on an instance opened for the session, before its first use. */
  onOpened(instance: Instance): Promise<void>;
}

/** An instance besides the primary: which, for whom, and in which era. */
export interface Place {
  key: string;
  /** Whose it counts as; null where everybody uses it. */
  person: string | null;
  era: Era;
  /** Whose lists it tells, see `Owner`. */
  owner: () => string;
  /** True where it is the session's alone, which then is asked and told. */
  own: boolean;
  limitMs: number;
}

/** Finds or opens the instance that fits a caller. */
export interface Lender {
  /** At once where the instance is open, as it is for nearly every call. */
  acquire(need: Need, signal: CancelSignal): Lease | Promise<Lease>;
}

export interface LenderOptions {
  spec: () => ServerSpec;
  primary: Primary;
  pool: Pool;
  hub: ClientIdentity;
  elapsed: () => number;
  open(place: Place, need: Need, signal: CancelSignal): Promise<Instance>;
}

/** The shortest time that a caller waits for a server to show that it speaks the other era too. */
const shortestWaitMs = 5000;

function clientKey(need: Need): string {
  const who = JSON.stringify([need.identity.clientInfo['name'], need.identity.capabilities]);
  return `m:${need.credential}:${createHash('sha256').update(who).digest('base64url').slice(0, 16)}`;
}

export function sessionKey(session: string): string {
  return `s:${session}`;
}

/** What the server of one start turned out to speak besides the primary's era. */
interface Found {
  readonly generation: number;
  speaks: Partial<Record<Era, boolean>>;
  /** It is being asked for the other era, and callers no longer wait for its answer. */
  isSlow: boolean;
}

interface Books {
  readonly options: LenderOptions;
  /** Whose credential the primary serves since its start, where instances belong to users. */
  lentTo: { generation: number; credential: string } | null;
  found: Found;
  /** Keys of instances that serve one call at a time and are at it. */
  readonly busy: Set<string>;
}

function leaseMain({ options }: Books, main: Instance): Lease {
  main.leases++;
  function release(): void {
    main.leases--;
    main.lastUsedAt = options.elapsed();
  }
  return { instance: main, release };
}

async function leasePlace({ options }: Books, place: Place, need: Need, signal: CancelSignal): Promise<Lease> {
  // What was waited for until now may have changed everything.
  if (signal.aborted) throw cancelled();
  if (options.primary.state().desired !== 'on') throw notOn(options.spec());
  return options.pool.lease(place.key, place.person, (dropped) => options.open(place, need, dropped));
}

function clientOwner({ credential, identity }: Need): string {
  const { capabilities } = identity;
  return canBeAsked(capabilities) ? Owner.able(credential, capabilities) : Owner.stateless(credential);
}

/** The instance of a session, or of calls without one, that nobody else uses. */
function ownPlace(need: Need, era: Era, limitMs: number): Place {
  const { session, person } = need;
  if (session === null) {
    return { key: clientKey(need), person, era, owner: () => clientOwner(need), own: false, limitMs };
  }
  return { key: sessionKey(session), person, era, owner: () => Owner.session(session), own: true, limitMs };
}

/**
 * A child that asks cannot say which of two calls it asks for. Where no session owns it, it serves one call
 * at a time, and calls that overlap get children of their own.
 */
async function oneAtATime(books: Books, place: Place, need: Need, signal: CancelSignal): Promise<Lease> {
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

/** Whether the primary serves this user: the first who came since its start. */
function isLentTo(books: Books, credential: string): boolean {
  const { generation } = books.options.primary.state();
  if (books.lentTo?.generation !== generation) books.lentTo = { generation, credential };
  return books.lentTo.credential === credential;
}

function fromLegacy(books: Books, need: Need, main: Instance, signal: CancelSignal): Lease | Promise<Lease> {
  const { options } = books;
  const spec = options.spec();
  const mayShare = !need.own && spec.isolation !== 'session';
  if (mayShare && (spec.isolation === 'shared' || isLentTo(books, need.credential))) return leaseMain(books, main);
  const limitMs = spec.limits.startTimeoutMs;
  const place: Place = mayShare
    ? {
        key: `u:${need.credential}`,
        person: need.person,
        era: 'legacy',
        owner: () => Owner.credential(need.credential),
        own: false,
        limitMs,
      }
    : ownPlace(need, 'legacy', limitMs);
  function refuse(error: unknown): never {
    throw notOpened(spec, error);
  }
  if (need.own && need.alone && need.session === null && wayTo(spec.launch) === 'stdio') {
    return oneAtATime(books, place, need, signal).catch(refuse);
  }
  return options.pool.leaseOpen(place.key) ?? leasePlace(books, place, need, signal).catch(refuse);
}

/** Where a client of an era the primary does not speak is served best. */
function otherPlace(books: Books, need: Need, era: Era): Place {
  const { isolation, limits } = books.options.spec();
  const limitMs = limits.startTimeoutMs;
  if (era === 'legacy' && (need.own || isolation === 'session')) return ownPlace(need, era, limitMs);
  if (isolation === 'shared')
    return { key: era, person: null, era, owner: () => Owner.everyone(era), own: false, limitMs };
  function owner(): string {
    return era === 'modern' ? Owner.stateless(need.credential) : Owner.credential(need.credential);
  }
  return { key: `${era}:${need.credential}`, person: need.person, era, owner, own: false, limitMs };
}

function anonymous(need: Need, identity: ClientIdentity): Need {
  const { credential, person, era, session, own, alone, client } = need;
  return {
    credential,
    person,
    era,
    session,
    own,
    alone,
    client,
    identity,
    onOpened: (instance) => need.onOpened(instance),
  };
}

/** Keeps what a failed opening says of the era. A server that cannot be reached now says nothing of it. */
function noteRefusal(found: Found, era: Era, error: unknown): void {
  if (error instanceof LinkError && error.code === 'unreachable') return;
  if (!isFull(error) && !isGone(error)) found.speaks[era] = false;
}

/**
 * The lease, or null where opening takes longer than a caller should wait. It goes on then, and what comes of it is
 * kept for later callers: a program starts slowly on a busy machine, which says nothing of what it speaks.
 */
async function leaseSoon(found: Found, era: Era, opening: Promise<Lease>, waitMs: number): Promise<Lease | null> {
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

/** Tries the era the primary does not speak; remembers a server that has it not, and gives null for it. */
async function otherEra(books: Books, need: Need, main: Instance, signal: CancelSignal): Promise<Lease | null> {
  const { primary, hub, spec } = books.options;
  const { era } = need;
  const { generation } = primary.state();
  if (books.found.generation !== generation) books.found = { generation, speaks: {}, isSlow: false };
  const { found } = books;
  if (found.speaks[era] === false || found.isSlow) return null;
  const place = otherPlace(books, need, era);
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

export function createLender(options: LenderOptions): Lender {
  const found = { generation: 0, speaks: {}, isSlow: false };
  const books: Books = { options, lentTo: null, found, busy: new Set() };
  async function lend(need: Need, asked: Promise<Instance>, signal: CancelSignal): Promise<Lease> {
    const main = await asked;
    // A client loses least with a connection of its own era, where the server has both. An HTTP server was
    // asked for the stateless era first, so a legacy primary says that it has none.
    const tried = main.era === 'modern' || wayTo(options.spec().launch) === 'stdio';
    const lease = main.era !== need.era && tried ? await otherEra(books, need, main, signal) : null;
    return lease ?? fromMain(need, main, signal);
  }
  function fromMain(need: Need, main: Instance, signal: CancelSignal): Lease | Promise<Lease> {
    return main.era === 'legacy' ? fromLegacy(books, need, main, signal) : leaseMain(books, main);
  }
  return {
    acquire(need, signal) {
      const main = options.primary.ready();
      if (main?.era === need.era) return fromMain(need, main, signal);
      return lend(need, options.primary.ensure(signal), signal);
    },
  };
}
