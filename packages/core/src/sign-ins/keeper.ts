import type { AfterRefusal, Challenge, SignInOf } from '@switchboard/mcp-runtime/types';
import { DomainError, messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { createAsking } from './asking.ts';
import type { UpstreamSignIns } from './contract.ts';
import { createLooks } from './looks.ts';
import {
  asClient,
  entryOf,
  giveUp,
  headerOf,
  heldFor,
  isUsable,
  keyOf,
  noteToken,
  overFor,
  refreshed,
  renewed,
  tellChange,
  usable,
  want,
  type Entry,
  type Keeper,
  type KeeperOptions,
} from './renewal.ts';
import { asksForMore } from './scopes.ts';
import { loadGrant, removeGrantOf, type HeldGrant } from './store.ts';
import type { Target } from './target.ts';
import { createSentTokens } from './tokens.ts';

/** A server that refuses a token younger than this refuses it for another reason than its age. */
const freshMs = 10_000;
const exchangeMs = 60_000;

async function refused(keeper: Keeper, of: SignInOf, challenge: Challenge, sent: string | null): Promise<AfterRefusal> {
  const target = keeper.options.target(of.serverId);
  if (target === null) return 'never';
  if (target.way === 'person' && of.person === null) {
    if (!(await keeper.asks(of.serverId, target, challenge))) return 'never';
    await keeper.options.asked(of.serverId);
    return wanted(keeper, of, challenge);
  }
  const entry = await entryOf(keeper, of);
  const held = heldFor(keeper, of, entry);
  // Somebody else has made it good meanwhile.
  if (held !== null && headerOf(held) !== sent) return 'again';
  // Nothing comes of asking again for what was asked for.
  if (challenge.status === 403 && !asksForMore(challenge, held?.grant.asked ?? null, target.settings.scopes))
    return 'never';
  if (target.settings.flow === 'client') {
    return again(keeper, of, challenge, () =>
      renewed(keeper, of, entry, keyOf(of), () => asClient(keeper, of, challenge)),
    );
  }
  if (held === null || challenge.status === 403) return wanted(keeper, of, challenge);
  if (await hasMoved(keeper, of.serverId, target, held, challenge)) {
    return over(keeper, of, held, challenge, new DomainError('conflict', say('signInElsewhere')));
  }
  if (isYoung(keeper, held)) return wanted(keeper, of, challenge);
  if (held.grant.refreshToken === null) {
    return over(keeper, of, held, challenge, overFor(keeper, of));
  }
  return again(keeper, of, challenge, () => renewed(keeper, of, entry, held.row.id, () => refreshed(keeper, of, held)));
}

/** Gives a grant up, unless there is another one by now. */
async function over(
  keeper: Keeper,
  of: SignInOf,
  held: HeldGrant,
  challenge: Challenge,
  error: unknown,
): Promise<AfterRefusal> {
  if (!(await giveUp(keeper, of, held, { error, steps: [] }))) return 'again';
  tellChange(keeper, of);
  return wanted(keeper, of, challenge);
}

function wanted(keeper: Keeper, of: SignInOf, challenge: Challenge): AfterRefusal {
  want(keeper, of, challenge);
  return 'sign-in';
}

async function again(
  keeper: Keeper,
  of: SignInOf,
  challenge: Challenge,
  renew: () => Promise<unknown>,
): Promise<AfterRefusal> {
  return renew().then(
    () => 'again' as const,
    () => wanted(keeper, of, challenge),
  );
}

function isYoung({ options }: Keeper, { row }: HeldGrant): boolean {
  return options.clock.now() - row.refreshedAt.getTime() < freshMs;
}

/** Whether the server names another authorization server than the one the grant is from: what is of one is not for another. */
async function hasMoved(
  { options, looks }: Keeper,
  serverId: string,
  target: Target,
  { grant }: HeldGrant,
  challenge: Challenge,
): Promise<boolean> {
  const signal = AbortSignal.timeout(exchangeMs);
  const place = JSON.stringify([serverId, target.launch.url, target.settings.issuer, challenge.header]);
  const issuer = await looks(place, () =>
    options.protocol.issuer({ ...target, challenge, signal, step: () => undefined }).then(
      (now) => now.issuer,
      () => null,
    ),
  );
  return issuer !== null && issuer !== grant.server.issuer;
}

/** Keeps the sign-ins to servers of others: in memory for each request, in the database for good. */
export function createUpstreamSignIns(options: KeeperOptions): UpstreamSignIns {
  const asks = createAsking(options);
  const sent = createSentTokens();
  const maps = { entries: new Map(), loading: new Map(), renewing: new Map(), wanted: new Map() };
  const keeper: Keeper = { options, asks, sent, looks: createLooks(options.clock), ...maps };
  function forget(key: string): void {
    keeper.entries.delete(key);
    keeper.loading.delete(key);
  }
  function header(of: SignInOf): string | null | Promise<string | null> {
    if (of.person === null && options.target(of.serverId)?.way === 'person') return null;
    const entry = entryOf(keeper, of);
    if (entry instanceof Promise) return entry.then((read) => headerFrom(of, read));
    return headerFrom(of, entry);
  }
  function headerFrom(of: SignInOf, entry: Entry): string | null | Promise<string | null> {
    const held = heldFor(keeper, of, entry);
    if (held !== null && isUsable(keeper, held)) return headerOf(held);
    if (held === null && options.target(of.serverId)?.settings.flow !== 'client') return null;
    return usable(keeper, of, entry);
  }
  return {
    protocol: options.protocol,
    documentUrl: options.documentUrl,
    target: options.target,
    header,
    async refused(of, challenge, sent) {
      try {
        return await refused(keeper, of, challenge, sent);
      } catch (error) {
        options.log.warn({ server: of.serverId, error: messageOf(error) }, 'A refused sign-in could not be looked at');
        return 'never';
      }
    },
    needed: ({ serverId }) => ({ code: 'sign-in', url: options.page(serverId) }),
    secretsOf: sent.of,
    wanted: (of) => keeper.wanted.get(keyOf(of)) ?? null,
    use(of, held) {
      forget(keyOf(of));
      noteToken(keeper, of, held);
      keeper.entries.set(keyOf(of), { held, failed: null });
      keeper.wanted.delete(keyOf(of));
    },
    async end(of) {
      const held = await loadGrant(options, of.serverId, of.person);
      forget(keyOf(of));
      if (held === null) return null;
      await removeGrantOf(options, of.serverId, of.person);
      return held.grant;
    },
    compare(stampOf) {
      for (const [key, { held }] of keeper.entries) {
        const [serverId = '', person = ''] = key.split('\n');
        const stamp = stampOf(serverId, person === '' ? null : person);
        if (stamp !== (held?.row.id ?? null)) keeper.entries.delete(key);
      }
    },
    forget: (serverId, person) => forget(keyOf({ serverId, person })),
    forgetServer(serverId, isGone) {
      if (isGone) sent.forget(serverId);
      for (const map of [keeper.entries, keeper.loading, ...(isGone ? [keeper.wanted] : [])]) {
        for (const key of map.keys()) if (key.startsWith(`${serverId}\n`)) map.delete(key);
      }
    },
  };
}
