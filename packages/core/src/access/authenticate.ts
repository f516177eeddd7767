import { hash } from 'node:crypto';
import { setBounded } from '@switchboard/basics';
import { isDatabaseAway } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { userIdOf, type Actor } from '../actor.ts';
import { fromDatabase, tellFailure } from '../database-away.ts';
import { DomainError } from '../errors.ts';
import type { DomainEvent } from '../events.ts';
import type { KeyStore } from '../keys/store.ts';
import { isGrantToken, type GrantTokens } from '../oauth/tokens.ts';
import type { Clock, Log } from '../ports.ts';
import { say } from '../reasons.ts';
import type { Sessions } from './sessions.ts';
import { verifyAccessToken } from './tokens.ts';

/** What a request brought; a bearer wins over an API key header, both over the cookie. */
export interface Credentials {
  /** Access token or API key. */
  bearer?: string | null;
  apiKey?: string | null;
  cookie?: string | null;
  /** They came to an MCP endpoint: only there tokens of OAuth grants count. */
  isMcp?: boolean;
}

export interface Authenticated {
  actor: Actor;
  /** The cookie's session was prolonged: set it again with this expiry. */
  renewUntil?: Date;
}

export interface Authenticator {
  /** Throws `unauthenticated` for credentials that are wrong; none at all is the anonymous actor. */
  authenticate(credentials: Credentials): Promise<Authenticated>;
  /** Whoever these credentials are known to be; null where only `authenticate` can tell. Nearly every call ends here. */
  recall(credentials: Credentials): Actor | null;
  /** When remembered credentials end by themselves; a cookie's session is prolonged as it is used. */
  expiryOf(credentials: Credentials): Date | null;
  /** Forgets what an event made doubtful. */
  onEvent(event: DomainEvent): void;
}

type Kind = Exclude<keyof Credentials, 'isMcp'>;

interface Remembered {
  actor: Actor;
  until: number;
  expiresAt: Date | null;
}

const mostRemembered = 10_000;
/** Credentials whose hash is at hand: hashing costs a call more than everything else here. */
const mostHashed = 256;
/** How long a change made by another process may go unseen; changes of this process count at once. */
const trustedMs = 60_000;
/** The same while the database is away: calls go on, and nobody can change anything in a database that has ended. */
const trustedAwayMs = 15 * 60_000;

const local: Actor = { type: 'local' };
const anonymous: Actor = { type: 'anonymous' };

/** The credential that counts, null where there is none. */
function secretOf({ bearer, apiKey, cookie }: Credentials): { kind: Kind; secret: string } | null {
  if (bearer) return { kind: 'bearer', secret: bearer };
  if (apiKey) return { kind: 'apiKey', secret: apiKey };
  return cookie ? { kind: 'cookie', secret: cookie } : null;
}

/** Verifies credentials and remembers them by their hash, so that a call costs no database read. */
export function createAuthenticator(options: {
  sessions: Sessions;
  keys: KeyStore;
  grants: GrantTokens;
  tokenKey: Uint8Array;
  authMode: 'required' | 'open';
  clock: Clock;
  log: Log;
}): Authenticator {
  const { sessions, keys, grants, tokenKey, clock, log } = options;
  const remembered = new Map<string, Remembered>();
  const hashes = {
    bearer: new Map<string, string>(),
    apiKey: new Map<string, string>(),
    cookie: new Map<string, string>(),
  };

  function hashOf(kind: Kind, secret: string): string {
    const known = hashes[kind].get(secret);
    if (known !== undefined) return known;
    if (hashes[kind].size >= mostHashed) hashes[kind].clear();
    const hashed = hash('sha256', `${kind}:${secret}`, 'base64');
    hashes[kind].set(secret, hashed);
    return hashed;
  }

  function remember(hashed: string, actor: Actor, expiresAt: Date | null): void {
    const until = Math.min(clock.now() + trustedMs, expiresAt?.getTime() ?? Infinity);
    setBounded(remembered, hashed, { actor, until, expiresAt }, mostRemembered);
  }

  function touch(sid: string): void {
    sessions.touch(sid, new Date(clock.now())).catch((error: unknown) => {
      tellFailure(log, 'warn', error, 'The last use of a session was not stored');
    });
  }

  async function byKey(key: string, hashed: string): Promise<Authenticated> {
    const found = await keys.verify(key, clock.now());
    if (!found) throw refused(say('keyEnded'));
    remember(hashed, found.actor, found.expiresAt);
    return { actor: found.actor };
  }

  async function byGrant(token: string, hashed: string): Promise<Authenticated> {
    const found = await grants.verify(token, clock.now());
    if (!found) throw refused(say('grantEnded'));
    if (found.disabled) throw accountDisabled();
    remember(hashed, found.actor, found.expiresAt);
    return { actor: found.actor };
  }

  function bySecret(kind: Kind, secret: string, hashed: string): Promise<Authenticated> {
    if (kind === 'cookie') return byCookie(secret, hashed);
    if (kind === 'apiKey' || secret.startsWith('sbk_')) return byKey(secret, hashed);
    return isGrantToken(secret) ? byGrant(secret, hashed) : byToken(secret, hashed);
  }

  async function byToken(token: string, hashed: string): Promise<Authenticated> {
    const claims = await verifyAccessToken(tokenKey, token, clock.now());
    const session = claims && (await sessions.findBySid(claims.sid, new Date(clock.now())));
    if (session?.state === 'disabled') throw accountDisabled();
    if (!claims || !session || session.user.id !== claims.userId) {
      throw refused(say('accessTokenEnded'));
    }
    touch(session.sid);
    const actor: Actor = { type: 'user', ...session.user, sessionId: session.sid };
    remember(hashed, actor, claims.expiresAt < session.expiresAt ? claims.expiresAt : session.expiresAt);
    return { actor };
  }

  async function byCookie(cookie: string, hashed: string): Promise<Authenticated> {
    const session = await sessions.validate(cookie);
    if (!session) throw refused(say('sessionEnded'));
    if (session.state === 'disabled') throw accountDisabled();
    touch(session.sid);
    const actor: Actor = { type: 'user', ...session.user, sessionId: session.sid };
    remember(hashed, actor, session.expiresAt);
    return session.fresh ? { actor, renewUntil: session.expiresAt } : { actor };
  }

  function recall(credentials: Credentials): Actor | null {
    if (options.authMode === 'open') return local;
    const brought = secretOf(credentials);
    if (!brought) return anonymous;
    const known = remembered.get(hashOf(brought.kind, brought.secret));
    if (!known || known.until <= clock.now()) return null;
    return known.actor.type === 'grant' && credentials.isMcp !== true ? null : known.actor;
  }

  function expiryOf(credentials: Credentials): Date | null {
    const brought = secretOf(credentials);
    if (!brought || brought.kind === 'cookie') return null;
    return remembered.get(hashOf(brought.kind, brought.secret))?.expiresAt ?? null;
  }

  return {
    recall,
    expiryOf,
    async authenticate(credentials) {
      const known = recall(credentials);
      if (known) return { actor: known };
      const brought = secretOf(credentials);
      if (!brought) return { actor: anonymous };
      const { kind, secret } = brought;
      const hashed = hashOf(kind, secret);
      const before = remembered.get(hashed);
      try {
        return here(credentials, await bySecret(kind, secret, hashed));
      } catch (error) {
        if (!isDatabaseAway(error)) {
          remembered.delete(hashed);
          throw error;
        }
        // An event may have made it doubtful meanwhile.
        const isKept = before !== undefined && remembered.get(hashed) === before;
        if (isKept && isTrustedWhileAway(before, clock.now())) return here(credentials, { actor: before.actor });
        throw fromDatabase(error);
      }
    },
    onEvent(event) {
      for (const [hashed, { actor }] of remembered) if (concerns(event, actor)) remembered.delete(hashed);
    },
  };
}

/** What a grant's token opens is an MCP endpoint, and no other way in. */
function here({ isMcp }: Credentials, found: Authenticated): Authenticated {
  if (found.actor.type === 'grant' && isMcp !== true) throw refused(say('grantOnlyMcp'));
  return found;
}

function isTrustedWhileAway({ until, expiresAt }: Remembered, now: number): boolean {
  return now < until + trustedAwayMs && (expiresAt === null || now < expiresAt.getTime());
}

function concerns(event: DomainEvent, actor: Actor): boolean {
  switch (event.type) {
    case 'user.changed':
      return userIdOf(actor) === event.id;
    case 'session.ended':
      return actor.type === 'user' && actor.sessionId === event.sid;
    case 'key.changed':
      return actor.type === 'key' && actor.id === event.id;
    case 'grant.changed':
      return actor.type === 'grant' && actor.id === event.id;
    default:
      return false;
  }
}

/** `details.disabled` is there because the containers API answers 400 to a disabled account, and every other API 401. */
function accountDisabled(): DomainError {
  return new DomainError('unauthenticated', say('accountDisabled'), { disabled: true });
}

function refused(why: Reason): DomainError {
  return new DomainError('unauthenticated', why);
}
