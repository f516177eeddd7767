import { randomUUID } from 'node:crypto';
import { whyDetails } from '../audit/why.ts';
import { auditNow, type AuditSource } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import type { Run } from '../runs/contract.ts';
import { failureOf } from '../runs/runs.ts';
import { inTransaction, type VerbCtx } from '../verb.ts';
import { fromEngine } from './errors.ts';
import type { EngineRun } from './schema.ts';

/** The outcome of a run in the audit log. */
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
 * Audits at once that a run started, and at its end the result: the id of the new object, or the failure. `details.run`
 * joins the two entries. A hub that dies in between leaves the first alone. A run whose start cannot be audited is
 * cancelled.
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
  const source = sourceOf(ctx);
  ctx.runs.afterEnd(run.id, async (ended) => {
    const durationMs = (ended.endedAt ?? new Date(source.clock.now())).getTime() - run.startedAt.getTime();
    await appendEnd(source, run, { ...ended, id: idIn(ended), durationMs });
  });
}

/** The work on an engine for which the caller waits. */
interface Work {
  kind: EngineRun['kind'];
  engine: string;
  /** The subject, for objects that have no id yet. */
  subject: string;
  details: Readonly<Record<string, unknown>>;
}

/** The same for work that ends within its request. Rejects as the work does. */
export async function auditWork<Made extends { id: string }>(
  ctx: VerbCtx,
  { details, ...work }: Work,
  carryOut: () => Promise<Made>,
): Promise<Made> {
  const about = { ...work, id: randomUUID() };
  const startedAt = ctx.clock.now();
  const note = { id: work.subject, outcome: 'begun', details: { ...details, run: about.id } } as const;
  await inTransaction(ctx, async (inner) => inner.audit(note));
  try {
    const made = await carryOut();
    ctx.audit({ id: made.id, details: { engine: work.engine, subject: work.subject, run: about.id } });
    return made;
  } catch (error) {
    const { outcome, reason } = failureOf(ctx.signal, fromEngine(error));
    const durationMs = ctx.clock.now() - startedAt;
    const source = sourceOf(ctx);
    await appendEnd(source, about, { outcome, reason, id: work.subject, durationMs });
    throw error;
  }
}

/** The context for the audit entry at the end of a run. */
type EndSource = AuditSource & Pick<Ctx, 'log' | 'logs'>;

function sourceOf({ db, clock, actor, requestId, trace, address, client, way, log, logs }: EndSource): EndSource {
  return { db, clock, actor, requestId, trace, address, client, way, log, logs };
}

interface End {
  outcome: Run['outcome'];
  reason: Run['reason'];
  id: string;
  durationMs: number;
}

async function appendEnd(
  source: EndSource,
  { kind, engine, subject, id: run }: Pick<EngineRun, 'kind' | 'engine' | 'subject' | 'id'>,
  { outcome, reason, id, durationMs }: End,
): Promise<void> {
  const why = outcome === 'failed' && reason !== null ? whyDetails(reason) : {};
  const note = { id, details: { engine, subject, run, ...why } };
  try {
    await auditNow(source, kind, note, { outcome: endOutcomes[outcome], durationMs });
  } catch (error) {
    tellFailure(source.log, 'warn', error, 'The end of a run was not written down');
  }
}
