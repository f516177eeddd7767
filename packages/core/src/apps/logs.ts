import { and, count, desc, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { verb } from '../verb.ts';
import { requireApp, requireToken } from './queries.ts';
import { ListAppLogs, type AppLogEntry } from './schema.ts';

const { appLogs, users } = tables;

/** Lists changes of apps and tokens and the calls of apps, newest first. Admins see all, others their own. */
export const listAppLogs = verb(
  { name: 'app.read', access: 'read', input: ListAppLogs.prefault({}) },
  async (ctx, { page, limit, action, app, token }): Promise<{ items: AppLogEntry[]; total: number }> => {
    await ctx.simulator.flush();
    const where = and(
      may(ctx, 'simulator.read') ? undefined : eq(appLogs.userId, userIdOf(ctx.actor) ?? ''),
      action === undefined ? undefined : eq(appLogs.action, action),
      app === undefined ? undefined : eq(appLogs.appId, (await requireApp(ctx, app)).id),
      token === undefined ? undefined : await callsOf(ctx, token),
    );
    const rows = await ctx.db
      .select({ log: appLogs, userNum: users.num })
      .from(appLogs)
      .leftJoin(users, eq(users.id, appLogs.userId))
      .where(where)
      .orderBy(desc(appLogs.num))
      .limit(limit)
      .offset((page - 1) * limit);
    const [all] = await ctx.db.select({ total: count() }).from(appLogs).where(where);
    return { items: rows.map(({ log, userNum }) => toEntry(log, userNum)), total: all?.total ?? 0 };
  },
);

async function callsOf(ctx: Ctx, token: string | number) {
  const { id, callsSince } = await requireToken(ctx, token);
  return and(eq(appLogs.tokenId, id), gt(appLogs.num, callsSince));
}

function toEntry(log: typeof appLogs.$inferSelect, userNum: number | null): AppLogEntry {
  const { num, kind, username, action, targetType, targetId, details, address, createdAt } = log;
  return { num, kind, userNum, username, action, targetType, targetId, details, address, createdAt };
}

/** Clears the log; returns the number of removed entries. */
export const clearAppLogs = verb(
  { name: 'simulator.configure', access: 'write', input: z.object({}) },
  async (ctx): Promise<{ removed: number }> => {
    await ctx.simulator.flush();
    const rows = await ctx.db.delete(appLogs).returning({ num: appLogs.num });
    ctx.audit({ details: { cleared: rows.length } });
    return { removed: rows.length };
  },
);
