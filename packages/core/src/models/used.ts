import { and, desc, eq, gte, inArray, lt, or, sql, type SQLWrapper } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { ownerName } from '../engines/owner.ts';
import { verb } from '../verb.ts';
import { loadModels, modelResource } from './queries.ts';
import { ModelMonth, type ModelUse } from './schema.ts';

const { modelDays } = tables;
const mostRows = 1_000;

/** Everything for admins; for others what they used, and what was used of models that are theirs. */
async function seenBy(ctx: Ctx) {
  if (may(ctx, 'budget.read', { type: 'budget', userId: null })) return undefined;
  const own = (await loadModels(ctx.db)).filter((row) => may(ctx, 'model.configure', modelResource(row)));
  return or(
    eq(modelDays.userId, userIdOf(ctx.actor) ?? '-'),
    own.length === 0
      ? undefined
      : inArray(
          modelDays.modelId,
          own.map(({ id }) => id),
        ),
  );
}

function beginOfNext(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}

function sum(column: SQLWrapper) {
  return sql<number>`sum(${column})`.mapWith(Number);
}

/** The use of models in a month (UTC), by person, with cost; the most expensive first. */
export const modelUse = verb(
  { name: 'budget.read', access: 'read', input: ModelMonth },
  async (ctx, input): Promise<ModelUse[]> => {
    const month = input.month ?? new Date(ctx.clock.now()).toISOString().slice(0, 7);
    const { modelId, userId, day, model, turns, failures, tokensIn, tokensOut, cost } = modelDays;
    const rows = await ctx.db
      .select({
        modelId,
        model: sql<string>`max(${model})`,
        userId,
        turns: sum(turns),
        failures: sum(failures),
        tokensIn: sum(tokensIn),
        tokensOut: sum(tokensOut),
        cost: sum(cost),
      })
      .from(modelDays)
      .where(and(gte(day, `${month}-01`), lt(day, beginOfNext(month)), await seenBy(ctx)))
      .groupBy(modelId, userId)
      .orderBy(desc(sum(cost)), desc(sum(tokensIn)), modelId, userId)
      .limit(mostRows);
    return rows.map(({ userId: id, ...row }) => ({
      ...row,
      userId: id === '' ? null : id,
      username: ownerName(ctx, id === '' ? null : id),
    }));
  },
);
