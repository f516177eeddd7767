import { eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { modelTurnOutcomes, modelWays } from '@switchboard/db/words';
import { noteChanges } from '../monitoring/series/roll.ts';
import { newId } from '../secrets.ts';
import { requireBudget, type BudgetRow, type BudgetSubject } from './budget-check.ts';
import { costOf, type TokenUse } from './estimate.ts';
import { dayOf } from './periods.ts';
import type { ModelRow } from './rows.ts';

const { modelDays, modelTurns } = tables;

/** A turn that is accounted for. */
export interface OpenTurn extends BudgetSubject {
  id: string;
  row: ModelRow;
  way: (typeof modelWays)[number];
  startedAt: number;
  reservedUntil: number;
  /** The reservation in budgets; null where no budget applies, and the turn has no row yet. */
  reserved: TokenUse | null;
}

function valuesOf({ id, row, way, userId, keyId, startedAt, reservedUntil }: OpenTurn, used: TokenUse) {
  return {
    id,
    startedAt: new Date(startedAt),
    reservedUntil: new Date(reservedUntil),
    modelId: row.id,
    model: row.name,
    userId,
    keyId,
    way,
    ...used,
    cost: costOf(row, used),
  };
}

/** Begins a turn: where budgets bound it, refuses it or sets aside what it may use. */
export async function openTurn(
  db: Db,
  turn: Omit<OpenTurn, 'id' | 'reserved'>,
  budgets: readonly BudgetRow[],
  estimate: () => TokenUse,
): Promise<OpenTurn> {
  const id = newId();
  if (budgets.length === 0) return { ...turn, id, reserved: null };
  const made: OpenTurn = { ...turn, id, reserved: estimate() };
  await db.transaction(async (tx) => {
    await requireBudget(tx, budgets, turn.startedAt);
    if (made.reserved) await tx.insert(modelTurns).values(valuesOf(made, made.reserved));
  });
  return made;
}

export interface TurnEnd {
  endedAt: number;
  outcome: (typeof modelTurnOutcomes)[number];
  firstTokenMs: number | null;
  used: TokenUse;
}

/** Stores the use of a turn, and adds it to the figures of its day; the reservation is released. */
export async function closeTurn(
  db: Db,
  turn: OpenTurn,
  { endedAt, outcome, firstTokenMs, used }: TurnEnd,
): Promise<void> {
  const values = { ...valuesOf(turn, used), endedAt: new Date(endedAt), outcome, firstTokenMs };
  await db.transaction(async (tx) => {
    if (turn.reserved === null) await tx.insert(modelTurns).values(values);
    else await tx.update(modelTurns).set(values).where(eq(modelTurns.id, turn.id));
    await noteChanges(tx, [turn.startedAt]);
    const { tokensIn, tokensOut } = used;
    await tx
      .insert(modelDays)
      .values({
        day: dayOf(turn.startedAt),
        modelId: turn.row.id,
        userId: turn.userId ?? '',
        keyId: turn.keyId ?? '',
        model: turn.row.name,
        turns: 1,
        failures: outcome === 'error' ? 1 : 0,
        tokensIn,
        tokensOut,
        cost: values.cost,
      })
      .onConflictDoUpdate({
        target: [modelDays.day, modelDays.modelId, modelDays.userId, modelDays.keyId],
        set: {
          model: sql`excluded.model`,
          turns: sql`${modelDays.turns} + 1`,
          failures: sql`${modelDays.failures} + excluded.failures`,
          tokensIn: sql`${modelDays.tokensIn} + excluded.tokens_in`,
          tokensOut: sql`${modelDays.tokensOut} + excluded.tokens_out`,
          cost: sql`${modelDays.cost} + excluded.cost`,
        },
      });
  });
}
