import { and, asc, eq, inArray, or } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Action } from '../access/actions.ts';
import { may, requireRight } from '../access/require.ts';
import type { AppResource } from '../access/subject.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { AppRow, AppTokenRow } from './rows.ts';

const { apps, appTokens } = tables;

export function appResource({ createdBy, visibility }: Pick<AppRow, 'createdBy' | 'visibility'>): AppResource {
  return { type: 'app', owner: createdBy, visibility };
}

export function absentApp(app: string | number): DomainError {
  return new DomainError('not_found', say('noApp', { app: String(app) }), { value: String(app) });
}

/** Numbers of the documented API; what is no such number is looked for by id and name. */
function numberIn(ref: string | number): number | null {
  const number = typeof ref === 'number' ? ref : /^\d{1,9}$/.test(ref) ? Number(ref) : null;
  return number !== null && number <= 2_147_483_647 ? number : null;
}

/** Finds an app by number, id, or `Category/Name`, without a check of rights. */
export async function findApp(db: Db, ref: string | number): Promise<AppRow | null> {
  const num = numberIn(ref);
  const text = String(ref);
  if (text.includes('\0')) return null;
  const [category = '', name = ''] = text.split('/', 2);
  const [row] = await db
    .select()
    .from(apps)
    .where(
      num === null ? or(eq(apps.id, text), and(eq(apps.category, category), eq(apps.name, name))) : eq(apps.num, num),
    );
  return row ?? null;
}

/** The app, where the actor may do this with it; absent where it sees none of that name. */
export async function requireApp(ctx: Ctx, ref: string | number, action: Action = 'app.read'): Promise<AppRow> {
  const row = await findApp(ctx.db, ref);
  if (!row) throw absentApp(ref);
  requireRight(ctx, action, appResource(row), () => absentApp(ref));
  return row;
}

/**
 * Apps that the actor sees, by category and name. Their actions are most of what is stored: those of revisions that are
 * in memory are taken from there, with the same arrays each time.
 */
export async function seenApps(ctx: Ctx): Promise<AppRow[]> {
  const { id, createdBy, visibility, updatedAt } = apps;
  const listed = await ctx.db
    .select({ id, createdBy, visibility, updatedAt })
    .from(apps)
    .orderBy(asc(apps.category), asc(apps.name));
  const seen = listed.filter((row) => may(ctx, 'app.read', appResource(row)));
  const known = new Map<string, AppRow>();
  for (const row of seen) {
    const held = ctx.simulator.app(row.id);
    if (held?.updatedAt.getTime() === row.updatedAt.getTime()) known.set(row.id, held);
  }
  const unknown = seen.flatMap((row) => (known.has(row.id) ? [] : [row.id]));
  const read = unknown.length === 0 ? [] : await ctx.db.select().from(apps).where(inArray(id, unknown));
  for (const row of read) known.set(row.id, row);
  return seen.flatMap((row) => {
    const whole = known.get(row.id);
    // Who is deleted leaves apps without an owner, in the revision that they had.
    return whole ? [{ ...whole, createdBy: row.createdBy }] : [];
  });
}

/** Takes the row until the transaction ends, so that two changes of one app follow each other. */
export async function lockApp(ctx: Ctx, id: string): Promise<AppRow> {
  const [row] = await ctx.db.select().from(apps).where(eq(apps.id, id)).for('update');
  if (!row) throw absentApp(id);
  return row;
}

export function tokenResource({ createdBy }: Pick<AppTokenRow, 'createdBy'>) {
  return { type: 'app-token', userId: createdBy } as const;
}

export function absentToken(token: string | number): DomainError {
  return new DomainError('not_found', say('noAppToken', { token: String(token) }), { value: String(token) });
}

/** The token, where the actor may do this with it, by id or number. */
export async function requireToken(
  ctx: Ctx,
  ref: string | number,
  action: Action = 'app-token.read',
): Promise<AppTokenRow> {
  const num = numberIn(ref);
  const [row] = await ctx.db
    .select()
    .from(appTokens)
    .where(num === null ? eq(appTokens.id, String(ref)) : eq(appTokens.num, num));
  if (!row) throw absentToken(ref);
  requireRight(ctx, action, tokenResource(row), () => absentToken(ref));
  return row;
}
