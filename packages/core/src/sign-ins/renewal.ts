import type { Challenge, SignInOf, SignInProtocol, SignInStep } from '@switchboard/mcp-runtime/types';
import { DomainError, messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';
import { say } from '../reasons.ts';
import type { Wanted } from './contract.ts';
import { failureOf, reasonIn } from './failure.ts';
import type { Lock } from './lock.ts';
import type { Looks } from './looks.ts';
import {
  loadGrant,
  pinnedIssuer,
  removeClient,
  removeGrant,
  storeAttempt,
  storeFresh,
  storeGrant,
  userOf,
  type HeldGrant,
  type Stores,
} from './store.ts';
import type { Target } from './target.ts';
import type { SentTokens } from './tokens.ts';

export interface KeeperOptions extends Stores {
  protocol: SignInProtocol;
  documentUrl: string | null;
  target: (serverId: string) => Target | null;
  lock: Lock;
  /** A server that each person signs in to asked for it. */
  asked: (serverId: string) => Promise<void>;
  /** Page where somebody signs in. */
  page: (serverId: string) => string;
  /** Somebody's sign-in began or ended here. */
  changed: (of: SignInOf) => void;
  clock: Clock;
  log: Log;
}

/** Tokens are refreshed so long before their end, for the way to the server takes its time. */
const earlyMs = 30_000;
/** After a refresh that failed, calls do not ask again for so long. */
const pauseMs = 5_000;
const exchangeMs = 60_000;
const mostWanted = 10_000;

export interface Entry {
  held: HeldGrant | null;
  failed: { until: number; error: unknown } | null;
}

export function keyOf({ serverId, person }: SignInOf): string {
  return `${serverId}\n${person ?? ''}`;
}

export function headerOf({ grant }: HeldGrant): string {
  return `Bearer ${grant.accessToken}`;
}

export function noteToken({ sent }: Keeper, { serverId }: SignInOf, held: HeldGrant | null): void {
  if (held !== null) sent.note(serverId, held.grant.accessToken);
}

export interface Keeper {
  /** Whether a server that refused something without a sign-in wants one. */
  asks: (serverId: string, target: Target, challenge: Challenge) => Promise<boolean>;
  options: KeeperOptions;
  entries: Map<string, Entry>;
  loading: Map<string, Promise<Entry>>;
  /** What is being renewed, by its row: entries are forgotten in the midst of it, and whoever reads them anew waits too. */
  renewing: Map<string, Promise<HeldGrant>>;
  wanted: Map<string, Wanted>;
  /** Who signs people in to a server, asked for once by all whom it refuses within a moment. */
  looks: Looks;
  /** For taking them out of what servers write. */
  sent: SentTokens;
}

function load(keeper: Keeper, of: SignInOf): Promise<Entry> {
  const key = keyOf(of);
  const known = keeper.loading.get(key);
  if (known !== undefined) return known;
  async function read(): Promise<Entry> {
    try {
      const held = await loadGrant(keeper.options, of.serverId, of.person);
      const entry: Entry = { held, failed: null };
      noteToken(keeper, of, held);
      // One that was forgotten meanwhile is of its caller alone.
      if (keeper.loading.get(key) === going) keeper.entries.set(key, entry);
      return entry;
    } finally {
      if (keeper.loading.get(key) === going) keeper.loading.delete(key);
    }
  }
  const going = read();
  keeper.loading.set(key, going);
  return going;
}

export function entryOf(keeper: Keeper, of: SignInOf): Entry | Promise<Entry> {
  return keeper.entries.get(keyOf(of)) ?? load(keeper, of);
}

/** What somebody uses a server with; null also where it is for another place than the server's present one. */
export function heldFor({ options }: Keeper, { serverId }: SignInOf, { held }: Entry): HeldGrant | null {
  return held !== null && held.grant.url === options.target(serverId)?.launch.url ? held : null;
}

/** Whether there is a token that can be sent as it is. */
export function isUsable({ options }: Keeper, held: HeldGrant): boolean {
  const { expiresAt } = held.grant;
  if (expiresAt === null) return true;
  // One that lasts a moment only would be refreshed with each call.
  const early = Math.min(earlyMs, (expiresAt - held.row.refreshedAt.getTime()) / 10);
  return expiresAt - early > options.clock.now();
}

export async function usable(keeper: Keeper, of: SignInOf, entry: Entry): Promise<string | null> {
  const held = heldFor(keeper, of, entry);
  const flow = keeper.options.target(of.serverId)?.settings.flow;
  if (flow === 'client') return headerOf(await renewed(keeper, of, entry, keyOf(of), () => asClient(keeper, of, null)));
  if (held === null) return null;
  // Without a refresh token the server says when the token has ended.
  if (held.grant.refreshToken === null) return headerOf(held);
  return headerOf(await renewed(keeper, of, entry, held.row.id, () => refreshed(keeper, of, held)));
}

/** One refresh at a time, for everybody who waits; one that failed is not asked for again at once. */
export function renewed(
  keeper: Keeper,
  of: SignInOf,
  entry: Entry,
  name: string,
  renew: () => Promise<HeldGrant>,
): Promise<HeldGrant> {
  const { options, renewing } = keeper;
  const { failed } = entry;
  if (failed !== null && failed.until > options.clock.now()) return Promise.reject(failed.error);
  const going = renewing.get(name);
  if (going !== undefined) return going;
  const begun = renew()
    .then(
      (held) => {
        noteToken(keeper, of, held);
        Object.assign(entry, { held, failed: null });
        // Read while this one was under way.
        const present = keeper.entries.get(keyOf(of));
        if (present?.held?.row.id === held.row.id) Object.assign(present, { held, failed: null });
        return held;
      },
      (error: unknown) => {
        if (isOver(error)) tellChange(keeper, of);
        entry.failed = { until: options.clock.now() + pauseMs, error };
        options.log.warn({ server: of.serverId, error: messageOf(error) }, 'A sign-in could not be refreshed');
        throw error;
      },
    )
    .finally(() => renewing.delete(name));
  renewing.set(name, begun);
  return begun;
}

/** Fresh tokens, by this hub or another one; stored before they are used, as the old ones may be worth nothing now. */
export function refreshed(keeper: Keeper, of: SignInOf, seen: HeldGrant): Promise<HeldGrant> {
  const { options } = keeper;
  return options.lock(`upstream/${seen.row.id}`, async () => {
    const now = await loadGrant(options, of.serverId, of.person);
    if (now === null) throw overFor(keeper, of);
    if (now.row.version !== seen.row.version || now.row.id !== seen.row.id) return now;
    const target = options.target(of.serverId);
    if (target === null || now.grant.url !== target.launch.url) throw overFor(keeper, of);
    const steps: SignInStep[] = [];
    const signal = AbortSignal.timeout(exchangeMs);
    try {
      const grant = await options.protocol.refresh({
        ...target,
        grant: now.grant,
        signal,
        step: (step) => steps.push(step),
      });
      const fresh = await storeFresh(options, { row: now.row, grant, now: date(keeper) });
      // Somebody signed out meanwhile.
      if (fresh === null) throw overFor(keeper, of);
      return fresh;
    } catch (error) {
      const failure = failureOf(error);
      if (isOver(error) && !(await giveUp(keeper, of, now, { error, steps }))) {
        const other = await loadGrant(options, of.serverId, of.person);
        if (other !== null) return other;
      }
      if (failure === 'refused') await askAgain(keeper, of, now, { error, steps });
      throw error;
    }
  });
}

function isOver(error: unknown): boolean {
  const failure = failureOf(error);
  return failure === 'ended' || failure === 'unknown-client';
}

/** Ends what the person has open: after whoever waits for it has heard why. */
export function tellChange({ options }: Keeper, of: SignInOf): void {
  setImmediate(() => options.changed(of));
}

interface Over {
  error: unknown;
  steps: SignInStep[];
}

async function tell(keeper: Keeper, of: SignInOf, { error, steps }: Over): Promise<void> {
  const now = date(keeper);
  const facts = { serverId: of.serverId, userId: userOf(of.person), shared: of.person === null };
  const end = { session: '', state: null, steps, failure: reasonIn(error), createdAt: now, endedAt: now };
  await storeAttempt(keeper.options, { ...facts, ...end }, null);
}

/** A refusal that does not say that the grant is over is told once: a sign-in helps, or the settings have to. */
async function askAgain(keeper: Keeper, of: SignInOf, { row }: HeldGrant, over: Over): Promise<void> {
  const told = keeper.wanted.get(keyOf(of));
  if (told !== undefined && told.at > row.createdAt.getTime()) return;
  await tell(keeper, of, over);
  want(keeper, of, { status: 401, header: null });
}

/**
 * A grant that nothing can be done with any more goes, with the reason where its person finds it; false where there is
 * another one by now, of which nothing is known.
 */
export async function giveUp(keeper: Keeper, of: SignInOf, held: HeldGrant, over: Over): Promise<boolean> {
  const { options } = keeper;
  const isGone = await removeGrant(options, held.row);
  keeper.entries.delete(keyOf(of));
  if (!isGone) return false;
  options.log.warn({ server: of.serverId, error: messageOf(over.error) }, 'A sign-in to a server is over');
  if (failureOf(over.error) === 'unknown-client') await removeClient(options, of.serverId, held.row.issuer);
  await tell(keeper, of, over);
  want(keeper, of, { status: 401, header: null });
  return true;
}

export function overFor(keeper: Keeper, of: SignInOf): DomainError {
  keeper.entries.delete(keyOf(of));
  return new DomainError('conflict', say('signInOver'));
}

/** Tokens of the hub's own, for servers that take a client without a person. */
export async function asClient(keeper: Keeper, of: SignInOf, challenge: Challenge | null): Promise<HeldGrant> {
  const { options } = keeper;
  const target = options.target(of.serverId);
  if (target === null) throw overFor(keeper, of);
  const pinned = await pinnedIssuer(options, of.serverId);
  const before = await loadGrant(options, of.serverId, of.person);
  const grantedScope = before?.grant.asked ?? null;
  const signal = AbortSignal.timeout(exchangeMs);
  const steps: SignInStep[] = [];
  try {
    const asked = { ...target, challenge, grantedScope, pinned, signal, step: (step: SignInStep) => steps.push(step) };
    const grant = await options.protocol.client(asked);
    return await storeGrant(options, { ...of, grant, now: date(keeper) });
  } catch (error) {
    await tell(keeper, of, { error, steps });
    throw error;
  }
}

export function date({ options }: Keeper): Date {
  return new Date(options.clock.now());
}

export function want({ wanted, options }: Keeper, of: SignInOf, challenge: Challenge): void {
  if (wanted.size >= mostWanted) wanted.clear();
  wanted.set(keyOf(of), { challenge, at: options.clock.now() });
}
