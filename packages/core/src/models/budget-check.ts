import { and, eq, gt, gte, isNull, or, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { beginOf, dayOf, secondsToNext } from './periods.ts';

const { modelBudgets, modelDays, modelTurns } = tables;

export type BudgetRow = typeof modelBudgets.$inferSelect;

/** The person and the key of a turn: the budgets of both count. */
export interface BudgetSubject {
  userId: string | null;
  keyId: string | null;
}

/** Budgets that bound somebody's turns. */
export async function budgetsOf(db: Db, { userId, keyId }: BudgetSubject): Promise<BudgetRow[]> {
  if (userId === null && keyId === null) return [];
  const ofUser = userId === null ? undefined : eq(modelBudgets.userId, userId);
  const ofKey = keyId === null ? undefined : eq(modelBudgets.keyId, keyId);
  return await db.select().from(modelBudgets).where(or(ofUser, ofKey));
}

/** The use of a budget in its period, with the reservations of running turns. */
export async function spentOf(
  db: Db,
  budget: Pick<BudgetRow, 'userId' | 'keyId' | 'period' | 'measure'>,
  now: number,
): Promise<number> {
  const begin = beginOf(budget.period, now);
  const isTokens = budget.measure === 'tokens';
  function amount(table: typeof modelDays | typeof modelTurns) {
    const what = isTokens ? sql`${table.tokensIn} + ${table.tokensOut}` : sql`${table.cost}`;
    return sql<string>`coalesce(sum(${what}), 0)`;
  }
  function isOf(table: typeof modelDays | typeof modelTurns) {
    return budget.keyId === null ? eq(table.userId, budget.userId ?? '') : eq(table.keyId, budget.keyId);
  }
  const used = db
    .select({ amount: amount(modelDays).as('amount') })
    .from(modelDays)
    .where(and(isOf(modelDays), gte(modelDays.day, dayOf(begin.getTime()))));
  const open = db
    .select({ amount: amount(modelTurns).as('amount') })
    .from(modelTurns)
    .where(
      and(
        isOf(modelTurns),
        isNull(modelTurns.endedAt),
        gt(modelTurns.reservedUntil, new Date(now)),
        gte(modelTurns.startedAt, begin),
      ),
    );
  // One statement sees one state: a turn that ends between two of them would be in neither.
  const [both] = await db.execute<{ spent: string }>(sql`select (${used}) + (${open}) as spent`);
  return Number(both?.spent ?? 0);
}

/** Turns of one owner that begin at once count each other: each waits for the transaction of the one before. */
async function lockBudgets(db: Db, budgets: readonly BudgetRow[]): Promise<void> {
  const owners = new Set(budgets.map(({ userId, keyId }) => (keyId === null ? `user:${userId}` : `key:${keyId}`)));
  for (const owner of [...owners].toSorted()) {
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('switchboard:model-budget'), hashtext(${owner}))`);
  }
}

/** Refuses a turn for which nothing is left. Inside the transaction that sets aside what the turn may use. */
export async function requireBudget(db: Db, budgets: readonly BudgetRow[], now: number): Promise<void> {
  await lockBudgets(db, budgets);
  for (const budget of budgets) {
    const spent = await spentOf(db, budget, now);
    if (spent >= budget.most) throw spentBudget(budget, spent, now);
  }
}

function spentBudget({ keyId, period, measure, most }: BudgetRow, spent: number, now: number): DomainError {
  const amounts = { spent: Number(spent.toPrecision(6)), most };
  const told = {
    used: measure === 'tokens' ? say('tokensOf', amounts) : say('moneyOf', amounts),
    period: period === 'day' ? say('today') : say('thisMonth'),
    next: period === 'day' ? say('tomorrow') : say('nextMonth'),
  };
  const why = keyId === null ? say('budgetSpent', told) : say('budgetOfKeySpent', told);
  const of = keyId === null ? 'user' : 'key';
  const retryAfterSeconds = secondsToNext(period, now);
  return new DomainError('limit_exceeded', why, { budget: { of, period, measure, most, spent }, retryAfterSeconds });
}
