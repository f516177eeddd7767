import { and, eq, isNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import type { HubWork } from '../journal/hubs.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { say } from '../reasons.ts';
import type { KeptRun, Runs } from '../runs/contract.ts';

const { agentRuns } = tables;
const kinds = ['chat.round', 'graph.run'] as const;
type Kind = (typeof kinds)[number];

/** The run as this hub carries it out; null where another one does, or none: what it keeps of before is not it. */
export function heldHere<One extends Kind>(
  runs: Runs,
  { id, epoch }: Pick<AgentRunRow, 'id' | 'epoch'>,
  kind: One,
): KeptRun<One> | null {
  const kept = runs.find(id, [kind]);
  return kept && kept.epoch === epoch ? kept : null;
}

/** The rounds and runs that this hub carries out, for its comparison with other hubs. */
export function heldRounds(runsOf: () => Runs): Pick<HubWork, 'going' | 'drop'> {
  return {
    going() {
      const going = runsOf()
        .list(kinds)
        .filter(({ run }) => run.endedAt === null);
      return new Map(going.map(({ run, epoch }) => [run.id, epoch]));
    },
    drop(runId, why) {
      runsOf().cancel(runId, why === 'lost' ? new DomainError('conflict', say('runTakenOver')) : undefined);
    },
  };
}

/** Gives a run up, wherever it is carried out; what was said so far is kept. */
export async function stopHeld(ctx: Ctx, run: AgentRunRow, kind: Kind): Promise<void> {
  if (heldHere(ctx.runs, run, kind)) {
    ctx.runs.cancel(run.id);
    await ctx.runs.wait(run.id);
    return;
  }
  await ctx.db
    .update(agentRuns)
    .set({ cancelAt: new Date(ctx.clock.now()) })
    .where(and(eq(agentRuns.id, run.id), isNull(agentRuns.endedAt)));
}
