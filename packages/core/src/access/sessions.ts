import { DrizzlePostgreSQLAdapter } from '@lucia-auth/adapter-drizzle';
import { tables, type Db } from '@switchboard/db';
import { desc, eq, inArray } from 'drizzle-orm';
import { Lucia, TimeSpan, type Adapter } from 'lucia';
import { randomToken, sha256 } from '../secrets.ts';
import type { Role } from './schema.ts';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof createLucia>;
    DatabaseSessionAttributes: { sid: string };
    DatabaseUserAttributes: { username: string; role: Role; disabled: boolean };
  }
}

/** A live session and who it belongs to. */
interface LiveSession {
  sid: string;
  expiresAt: Date;
  /** Set where the session was just prolonged: the cookie has to be set again. */
  fresh: boolean;
  user: { id: string; username: string; role: Role };
}

export interface Sessions {
  create(userId: string): Promise<{ id: string; sid: string; expiresAt: Date }>;
  /** By the cookie's value. */
  validate(id: string): Promise<LiveSession | null>;
  /** By the handle that access tokens carry. */
  findBySid(sid: string, now: Date): Promise<LiveSession | null>;
  /** Returns whether there was one. */
  endBySid(sid: string): Promise<boolean>;
  prune(): Promise<void>;
}

/** Lucia's id is the cookie: the database holds only its SHA-256. */
const hashingAdapter = (inner: Adapter): Adapter => ({
  ...bound(inner),
  async getSessionAndUser(id) {
    const [session, user] = await inner.getSessionAndUser(sha256(id));
    return [session && { ...session, id }, user];
  },
  setSession: (session) => inner.setSession({ ...session, id: sha256(session.id) }),
  updateSessionExpiration: (id, expiresAt) => inner.updateSessionExpiration(sha256(id), expiresAt),
  deleteSession: (id) => inner.deleteSession(sha256(id)),
});

const bound = (inner: Adapter): Adapter => ({
  getSessionAndUser: (id) => inner.getSessionAndUser(id),
  getUserSessions: (userId) => inner.getUserSessions(userId),
  setSession: (session) => inner.setSession(session),
  updateSessionExpiration: (id, expiresAt) => inner.updateSessionExpiration(id, expiresAt),
  deleteSession: (id) => inner.deleteSession(id),
  deleteUserSessions: (userId) => inner.deleteUserSessions(userId),
  deleteExpiredSessions: () => inner.deleteExpiredSessions(),
});

/** Programs that sign in again and again must not fill the table: the oldest sessions go. */
const mostSessionsPerUser = 500;

const dropOldest = async (db: Db, userId: string): Promise<void> => {
  const { sessions } = tables;
  const old = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .offset(mostSessionsPerUser);
  await db.delete(sessions).where(inArray(sessions.id, old));
};

const createLucia = (adapter: Adapter) =>
  new Lucia(adapter, {
    sessionExpiresIn: new TimeSpan(30, 'd'),
    getSessionAttributes: ({ sid }: { sid: string }) => ({ sid }),
    getUserAttributes: ({ username, role, disabled }: { username: string; role: Role; disabled: boolean }) => ({
      username,
      role,
      disabled,
    }),
  });

export const createSessions = (db: Db): Sessions => {
  const lucia = createLucia(hashingAdapter(new DrizzlePostgreSQLAdapter(db, tables.sessions, tables.users)));
  return {
    async create(userId) {
      const session = await lucia.createSession(userId, { sid: randomToken() });
      await dropOldest(db, userId);
      return { id: session.id, sid: session.sid, expiresAt: session.expiresAt };
    },
    async validate(id) {
      const { session, user } = await lucia.validateSession(id);
      if (!session || user.disabled) return null;
      const { sid, expiresAt, fresh } = session;
      return { sid, expiresAt, fresh, user: { id: user.id, username: user.username, role: user.role } };
    },
    async findBySid(sid, now) {
      const [row] = await db
        .select({ session: tables.sessions, user: tables.users })
        .from(tables.sessions)
        .innerJoin(tables.users, eq(tables.sessions.userId, tables.users.id))
        .where(eq(tables.sessions.sid, sid));
      if (!row || row.user.disabled || row.session.expiresAt <= now) return null;
      const { id, username, role } = row.user;
      return { sid, expiresAt: row.session.expiresAt, fresh: false, user: { id, username, role } };
    },
    async endBySid(sid) {
      const ended = await db.delete(tables.sessions).where(eq(tables.sessions.sid, sid)).returning();
      return ended.length > 0;
    },
    prune: () => lucia.deleteExpiredSessions(),
  };
};
