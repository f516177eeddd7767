import { RunStops } from '@switchboard/agents/graphs';
import type { Ctx } from '../context.ts';
import type { Tally } from '../conversations/converse.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { snapshotOf, type HeldGraphRun } from './held-run.ts';
import type { RunBudget } from './schema.ts';
import { usedBy, visitsOf } from './visits.ts';

type Kind = keyof RunBudget;

/** Asked before each turn and each call. */
export interface Spending {
  /** Throws RunStops where the run may use no more. */
  step(): void;
}

/** What a run has used, against what it may. What goes on when the budget is spent comes to its end. */
export function createSpending(ctx: Ctx, { run, steps }: HeldGraphRun, tally: Tally): Spending {
  const { budget = {} } = snapshotOf(run);
  const begun = ctx.clock.now();
  // Of a hub that died the run knows nothing: its turns do.
  const before = visitsOf(steps).map(usedBy);
  let taken = steps.filter(({ kind }) => kind === 'turn' || kind === 'tool').length;

  function used(kind: Kind): number {
    switch (kind) {
      case 'tokens':
        return [...before, tally.used].reduce((sum, one) => sum + one.tokensIn + one.tokensOut, 0);
      case 'cost':
        return [...before, tally.used].reduce((sum, one) => sum + one.cost, 0);
      case 'steps':
        return taken;
      case 'seconds':
        return (ctx.clock.now() - begun) / 1_000;
    }
  }
  const kinds = (Object.keys(budget) as Kind[]).filter((kind) => budget[kind] !== undefined);
  return {
    step() {
      const spent = kinds.find((kind) => used(kind) >= (budget[kind] ?? Infinity));
      if (spent) {
        const why = say(`graphBudget_${spent}`, { most: budget[spent] ?? 0 });
        throw new RunStops('A budget is spent.', { cause: new DomainError('limit_exceeded', why) });
      }
      taken += 1;
    },
  };
}
