import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle';
import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import { Lucia, TimeSpan, type Adapter } from 'lucia';
import { tables, type Db } from '@switchboard/db';
import { randomToken, sha256 } from '../secrets.ts';
import type { Role } from './schema.ts';

interface SessionAttributes {
  sid: string;
  kind: 'login' | 'token';
  userAgent: string | null;
  address: string | null;
  disabledAt: Date | null;
}
interface UserAttributes {
  username: string;
  role: Role;
  disabled: boolean;
}

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: UserAttributes;
  }
}

/** A live session and who it belongs to. */
interface LiveSession {
  state: 'live';
  sid: string;
  expiresAt: Date;
  /** Set where the session was just prolonged: the cookie has to be set again. */
  fresh: boolean;
  user: { id: string; username: string; role: Role };
}

/** A session as found: of a disabled account it is known, and of no use. */
export type FoundSession = LiveSession | { state: 'disabled' };

export interface NewSession {
  kind: 'login' | 'token';
  userAgent: string | null;
  address: string | null;
  now: number;
}

export interface CreatedSession {
  id: string;
  sid: string;
  expiresAt: Date;
}

export interface Sessions {
  create(userId: string, session: NewSession): Promise<CreatedSession>;
  /** By the cookie's value. */
  validate(id: string): Promise<FoundSession | null>;
  /** By the handle that access tokens carry. */
  findBySid(sid: string, now: Date): Promise<FoundSession | null>;
  /** Returns whether there was one. */
  endBySid(sid: string): Promise<boolean>;
  /** Notes that the session was used; not more often than worth it. */
  touch(sid: string, now: Date): Promise<void>;
  prune(): Promise<void>;
}

/** Lucia's id is the cookie: the database holds only its SHA-256. */
function hashingAdapter(inner: Adapter): Adapter {
  return {
    ...bound(inner),
    async getSessionAndUser(id) {
      const [session, user] = await inner.getSessionAndUser(sha256(id));
      return [session && { ...session, id }, user];
    },
    setSession: (session) => inner.setSession({ ...session, id: sha256(session.id) }),
    updateSessionExpiration: (id, expiresAt) => inner.updateSessionExpiration(sha256(id), expiresAt),
    deleteSession: (id) => inner.deleteSession(sha256(id)),
  };
}

function bound(inner: Adapter): Adapter {
  return {
    getSessionAndUser: (id) => inner.getSessionAndUser(id),
    getUserSessions: (userId) => inner.getUserSessions(userId),
    setSession: (session) => inner.setSession(session),
    updateSessionExpiration: (id, expiresAt) => inner.updateSessionExpiration(id, expiresAt),
    deleteSession: (id) => inner.deleteSession(id),
    deleteUserSessions: (userId) => inner.deleteUserSessions(userId),
    deleteExpiredSessions: () => inner.deleteExpiredSessions(),
  };
}

/** Programs that sign in again and again must not fill the table: the oldest sessions go. */
const mostSessionsPerUser = 500;

async function dropOldest(db: Db, userId: string): Promise<void> {
  const { sessions } = tables;
  const old = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .offset(mostSessionsPerUser);
  await db.delete(sessions).where(inArray(sessions.id, old));
}

function createLucia(adapter: Adapter) {
  return new Lucia(adapter, {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    getSessionAttributes: ({ sid, disabledAt }: SessionAttributes) => ({ sid, disabledAt }),
    getUserAttributes: ({ username, role, disabled }: UserAttributes) => ({ username, role, disabled }),
  });
}

/** The session of an access token alone lives as long as the token. */
const tokenSessionMs = 30 * 60_000;
const touchedMs = 60_000;

export function createSessions(db: Db): Sessions {
  const lucia = createLucia(hashingAdapter(new DrizzlePostgreSQLAdapter(db, tables.sessions, tables.users)));
  const { sessions, users } = tables;
  return {
    async create(userId, { now, ...attributes }) {
      const session = await lucia.createSession(userId, { sid: randomToken(), ...attributes, disabledAt: null });
      const { id, sid } = session;
      const expiresAt = attributes.kind === 'token' ? new Date(now + tokenSessionMs) : session.expiresAt;
      if (attributes.kind === 'token') await db.update(sessions).set({ expiresAt }).where(eq(sessions.sid, sid));
      await dropOldest(db, userId);
      return { id, sid, expiresAt };
    },
    async validate(id) {
      const { session, user } = await lucia.validateSession(id);
      if (!session) return null;
      if (user.disabled) return { state: 'disabled' };
      if (session.disabledAt) return null;
      const { sid, expiresAt, fresh } = session;
      return { state: 'live', sid, expiresAt, fresh, user: { id: user.id, username: user.username, role: user.role } };
    },
    async findBySid(sid, now) {
      const [row] = await db
        .select({ session: sessions, user: users })
        .from(sessions)
        .innerJoin(users, eq(sessions.userId, users.id))
        .where(eq(sessions.sid, sid));
      if (!row || row.session.expiresAt <= now) return null;
      if (row.user.disabled) return { state: 'disabled' };
      if (row.session.disabledAt) return null;
      const { id, username, role } = row.user;
      return { state: 'live', sid, expiresAt: row.session.expiresAt, fresh: false, user: { id, username, role } };
    },
    async endBySid(sid) {
      const ended = await db.delete(sessions).where(eq(sessions.sid, sid)).returning();
      return ended.length > 0;
    },
    async touch(sid, now) {
      const before = new Date(now.getTime() - touchedMs);
      await db
        .update(sessions)
        .set({ lastSeenAt: now })
        .where(and(eq(sessions.sid, sid), lt(sessions.lastSeenAt, before)));
    },
    prune: () => lucia.deleteExpiredSessions(),
  };
}
