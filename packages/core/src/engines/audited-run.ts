import { appendAudit } from '../audit/write.ts';
import { tellFailure } from '../database-away.ts';
import type { Run } from '../runs/contract.ts';
import { storable } from '../storable.ts';
import { inTransaction, type VerbCtx } from '../verb.ts';
import type { EngineRun } from './schema.ts';

/** A registry may answer with any text. */
const longestReason = 2_000;

/** What one may find in the trail of a run that ended. */
const endOutcomes = {
  running: 'begun',
  ok: 'ok',
  failed: 'error',
  interrupted: 'error',
  cancelled: 'cancelled',
} as const;

function idIn({ result, subject }: Pick<Run, 'result' | 'subject'>): string {
  const id: unknown = result === null ? null : Reflect.get(result, 'id');
  return typeof id === 'string' ? id : subject;
}

/**
 * Writes down at once that a run began, and when it ends how: with the id of what was made, or why it failed.
 * `details.run` joins the two entries. A hub that dies in between leaves the first alone. A run whose begin cannot be
 * written down is given up.
 */
export async function auditRun(
  ctx: VerbCtx,
  run: EngineRun,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    const note = { id: run.subject, outcome: 'begun', details: { ...details, run: run.id } } as const;
    await inTransaction(ctx, async (inner) => inner.audit(note));
  } catch (error) {
    ctx.runs.cancel(run.id);
    throw error;
  }
  const { db, clock, actor, requestId, address, client, way, log } = ctx;
  const source = { db, clock, actor, requestId, address, client, way };
  ctx.runs.afterEnd(run.id, async (ended) => {
    const reason = ended.outcome === 'failed' ? { reason: storable(ended.message ?? '', longestReason) } : {};
    const note = { id: idIn(ended), details: { engine: run.engine, subject: run.subject, run: run.id, ...reason } };
    const durationMs = (ended.endedAt ?? new Date(clock.now())).getTime() - run.startedAt.getTime();
    try {
      await appendAudit(source, run.kind, [note], { outcome: endOutcomes[ended.outcome], durationMs });
    } catch (error) {
      tellFailure(log, 'warn', error, 'The end of a run was not written down');
    }
  });
}
