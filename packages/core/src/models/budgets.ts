import { and, asc, eq, isNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may, requireRight } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { verb } from '../verb.ts';
import { spentOf } from './budget-check.ts';
import { ListBudgets, SetBudget, type Budget } from './schema.ts';

const { apiKeys, modelBudgets, users } = tables;

type Row = typeof modelBudgets.$inferSelect & { keyName: string | null; keyOwner: string | null };

async function toBudget(ctx: Ctx, { keyName, keyOwner, ...row }: Row): Promise<Budget> {
  const { id, userId, keyId, period, measure, most } = row;
  const spent = await spentOf(ctx.db, row, ctx.clock.now());
  return { id, userId, keyId, keyName, username: ownerName(ctx, userId ?? keyOwner), period, measure, most, spent };
}

/** Budgets that the actor may see, with what is used of them. */
export const listBudgets = verb(
  { name: 'budget.read', access: 'read', input: ListBudgets },
  async (ctx, { userId, keyId }): Promise<Budget[]> => {
    const rows = await ctx.db
      .select({ budget: modelBudgets, keyName: apiKeys.name, keyOwner: apiKeys.userId })
      .from(modelBudgets)
      .leftJoin(apiKeys, eq(apiKeys.id, modelBudgets.keyId))
      .where(
        and(
          userId === undefined ? undefined : eq(modelBudgets.userId, userId),
          keyId === undefined ? undefined : eq(modelBudgets.keyId, keyId),
        ),
      )
      .orderBy(asc(modelBudgets.createdAt), asc(modelBudgets.id));
    const seen = rows.filter(({ budget, keyOwner }) =>
      may(ctx, 'budget.read', { type: 'budget', userId: budget.userId ?? keyOwner }),
    );
    return await Promise.all(
      seen.map(({ budget, keyName, keyOwner }) => toBudget(ctx, { ...budget, keyName, keyOwner })),
    );
  },
);

function absent(id: string): DomainError {
  return new DomainError('not_found', say('referenceGone'), { value: id });
}

/** Of a key its owner and admins say what it may use, of a person admins. */
async function requireOwner(ctx: Ctx, userId: string | null, keyId: string | null): Promise<void> {
  const id = keyId ?? userId ?? '';
  if (keyId === null) {
    requireRight(ctx, 'budget.configure', { type: 'budget', userId: null });
    const [user] = await ctx.db.select({ id: users.id }).from(users).where(eq(users.id, id));
    if (!user) throw absent(id);
    return;
  }
  const [key] = await ctx.db.select({ userId: apiKeys.userId }).from(apiKeys).where(eq(apiKeys.id, keyId));
  if (!key) throw absent(id);
  requireRight(ctx, 'budget.configure', { type: 'budget', userId: key.userId }, () => absent(id));
}

/** Says what somebody, or a key, may use of models in a day or a month; null takes the bound away. */
export const setBudget = verb(
  { name: 'budget.configure', access: 'write', input: SetBudget },
  async (ctx, { userId = null, keyId = null, period, measure, most }): Promise<Budget[]> => {
    await requireOwner(ctx, userId, keyId);
    ctx.audit({ id: keyId ?? userId ?? '', details: { of: keyId === null ? 'user' : 'key', period, measure, most } });
    const isIt = and(
      userId === null ? isNull(modelBudgets.userId) : eq(modelBudgets.userId, userId),
      keyId === null ? isNull(modelBudgets.keyId) : eq(modelBudgets.keyId, keyId),
      eq(modelBudgets.period, period),
      eq(modelBudgets.measure, measure),
    );
    if (most === null) await ctx.db.delete(modelBudgets).where(isIt);
    else {
      const updatedAt = new Date(ctx.clock.now());
      await ctx.db
        .insert(modelBudgets)
        .values({ id: newId(), userId, keyId, period, measure, most, createdAt: updatedAt, updatedAt })
        .onConflictDoUpdate({
          target: [modelBudgets.userId, modelBudgets.keyId, modelBudgets.period, modelBudgets.measure],
          set: { most, updatedAt },
        });
    }
    return await listBudgets(ctx, { ...(userId !== null && { userId }), ...(keyId !== null && { keyId }) });
  },
);
