import { RunStops } from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import type { Tally } from '../conversations/converse.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { snapshotOf, type HeldGraphRun } from './held-run.ts';
import type { RunBudget } from './schema.ts';
import { takenIn } from './visits.ts';

type Kind = keyof RunBudget;

/** Asked before each turn and each call. */
export interface RunBudgetCheck {
  /** Throws RunStops where the run may use no more. */
  step(): void;
  /** Aborts with RunStops when its seconds are over, whatever is under way. */
  signal: AbortSignal;
  /** The run has ended. */
  end(): void;
}

/** A timer takes no longer time. */
const longestTimerMs = 2_147_483_647;

/**
 * Compares the use of a run with its budget. Steps under way finish when a budget of tokens, cost or steps is spent;
 * the budget of seconds aborts them.
 */
export function createSpending(ctx: Ctx, { run, steps }: HeldGraphRun, tally: Tally): RunBudgetCheck {
  const { budget = {} } = snapshotOf(run);
  const begun = ctx.clock.now();
  let taken = takenIn(steps);

  function used(kind: Kind): number {
    switch (kind) {
      case 'tokens':
        return run.tokensIn + run.tokensOut + tally.used.tokensIn + tally.used.tokensOut;
      case 'cost':
        return run.cost + tally.used.cost;
      case 'steps':
        return taken;
      case 'seconds':
        return (ctx.clock.now() - begun) / 1_000;
    }
  }
  const kinds = (Object.keys(budget) as Kind[]).filter((kind) => budget[kind] !== undefined);
  function spentOf(kind: Kind): RunStops {
    const why = say(`graphBudget_${kind}`, { most: budget[kind] ?? 0 });
    return new RunStops('A budget is spent.', { cause: new DomainError('limit_exceeded', why) });
  }
  const over = new AbortController();
  const ms = Math.min(longestTimerMs, (budget.seconds ?? 0) * 1_000);
  const timer = ms > 0 ? setTimeout(() => over.abort(spentOf('seconds')), ms).unref() : undefined;
  return {
    step() {
      const spent = kinds.find((kind) => used(kind) >= (budget[kind] ?? Infinity));
      if (spent) throw spentOf(spent);
      taken += 1;
    },
    signal: over.signal,
    end: () => clearTimeout(timer),
  };
}
