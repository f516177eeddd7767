import { TransactionRollbackError } from 'drizzle-orm';
import type { z } from 'zod';
import { sqlStateOf } from '@switchboard/db';
import type { Action } from './access/decide.ts';
import { decideFor, refusal } from './access/require.ts';
import { appendAudit, subjectOf, type AuditNote, type AuditRow } from './audit/write.ts';
import type { Ctx } from './context.ts';
import { fromDatabase } from './database-away.ts';
import { fromEngine } from './engines/errors.ts';
import { DomainError, isDomainError, type FieldProblem } from './errors.ts';
import { affectedBy, type DomainEvent } from './events.ts';
import { said, say } from './reasons.ts';
import { announce, happeningOf } from './webhooks/outbox.ts';
import './words.ts';

/** The context of a verb: its audit rows are written in its transaction, its events are published after commit. */
export interface VerbCtx extends Ctx {
  audit(entry: AuditNote): void;
  emit(event: DomainEvent): void;
  /** Work for when the change is committed and in force; it must not reject. */
  afterwards(work: () => Promise<void>): void;
}

export interface VerbSpec<Schema extends z.ZodType> {
  name: Action;
  access: 'read' | 'write';
  input: Schema;
  /** false where the verb awaits a network, a process or another machine: it opens short transactions itself. */
  tx?: boolean;
}

export interface Verb<Schema extends z.ZodType, Result> {
  (ctx: Ctx, input: z.input<Schema>): Promise<Result>;
  readonly spec: VerbSpec<Schema>;
}

interface Pending {
  audits: AuditNote[];
  /** The written rows of the trail, to be published after commit. */
  written: AuditRow[];
  events: DomainEvent[];
  afterwards: (() => Promise<void>)[];
  /** It is written within a transaction whose end is another verb's. */
  open: boolean;
  /** Some audit rows are written already. */
  audited: boolean;
  startedAt: number;
}

/** Verbs called by a verb inside its transaction join it: they share its fate and its events. */
const pendingKey = Symbol('pending');
const actionKey = Symbol('action');
type Joined = Ctx & { [pendingKey]?: Pending; [actionKey]?: Action };

/**
 * Makes a verb: decides whether the actor may, checks the input, opens the transaction of a write,
 * writes its audit row in it, and publishes its events after commit.
 */
export function verb<Schema extends z.ZodType, Result>(
  spec: VerbSpec<Schema>,
  run: (ctx: VerbCtx, input: z.output<Schema>) => Promise<Result>,
): Verb<Schema, Result> {
  async function attempt(ctx: Ctx, raw: z.input<Schema>): Promise<Result> {
    authorize(ctx, spec.name);
    const input = parseInput(spec.input, raw);
    return spec.access === 'read' ? run(verbCtx(ctx, newPending()), input) : write(ctx, spec, input, run);
  }
  async function call(ctx: Joined, raw: z.input<Schema>): Promise<Result> {
    try {
      return await attempt(ctx, raw);
    } catch (thrown) {
      const error = toDomainError(thrown);
      // A refusal of a nested verb is recorded by the outer one.
      if (isDomainError(error) && !ctx[pendingKey]) await ctx.access.refusals.note(ctx, spec.name, raw, error);
      throw error;
    }
  }
  return Object.assign(call, { spec });
}

async function write<Schema extends z.ZodType, Result>(
  ctx: Joined,
  spec: VerbSpec<Schema>,
  input: z.output<Schema>,
  run: (ctx: VerbCtx, input: z.output<Schema>) => Promise<Result>,
): Promise<Result> {
  const pending = newPending(spec.tx !== false || ctx[pendingKey]?.open === true);
  let result: Result;
  if (spec.tx === false) {
    result = await run(verbCtx({ ...ctx, [actionKey]: spec.name }, pending), input);
    await ctx.db.transaction((tx) => writeAudit({ ...ctx, db: tx }, spec.name, pending, input));
  } else {
    result = await ctx.db.transaction(async (tx) => {
      const inner = verbCtx({ ...ctx, db: tx, [actionKey]: spec.name }, pending);
      const value = await run(inner, input);
      await writeAudit(inner, spec.name, pending, input);
      return value;
    });
  }
  const outer = ctx[pendingKey];
  if (!outer) await publish(ctx, pending);
  else hand(pending, outer);
  return result;
}

function hand({ written, events, afterwards }: Pending, to: Pending): void {
  to.written.push(...written);
  to.events.push(...events);
  to.afterwards.push(...afterwards);
}

/**
 * A transaction of its own inside a `tx: false` verb, with its audit rows and, after commit, its events: they are kept
 * whatever the rest of the verb does. `committed` runs before anything is published.
 */
export async function inTransaction<Result>(
  ctx: VerbCtx,
  run: (ctx: VerbCtx) => Promise<Result>,
  committed: () => void = () => undefined,
): Promise<Result> {
  const joined: Joined = ctx;
  const pending = newPending();
  const result = await ctx.db.transaction(async (tx) => {
    const inner = verbCtx({ ...ctx, db: tx }, pending);
    const value = await run(inner);
    if (pending.audits.length > 0) await writeAudit(inner, joined[actionKey] ?? 'server.operate', pending);
    return value;
  });
  const outer = joined[pendingKey];
  if (outer) outer.audited ||= pending.audits.length > 0;
  committed();
  // Events that are not committed yet are published with those of the outer verb.
  if (outer?.open) hand(pending, outer);
  else await publish(ctx, pending);
  return result;
}

/**
 * Publishes after commit, and waits until memory has caught up: a caller with the answer finds its change in effect.
 */
async function publish(ctx: Ctx, { written, events, afterwards }: Pending): Promise<void> {
  ctx.logs.audited(written);
  for (const event of events) ctx.events.emit(event);
  const affected = affectedBy(events);
  await Promise.all([
    affected.size > 0 && ctx.hub.reconcile(affected),
    events.length > 0 && ctx.hub.tellReplicas(events),
  ]);
  await Promise.all(afterwards.map((work) => work()));
}

/** Runs a function in a transaction that is rolled back; no event is published. */
export async function tryOut<Result>(ctx: Ctx, run: (ctx: VerbCtx) => Promise<Result>): Promise<Result> {
  const came: Result[] = [];
  try {
    await ctx.db.transaction(async (tx) => {
      came.push(await run(verbCtx({ ...ctx, db: tx }, newPending(true))));
      tx.rollback();
    });
  } catch (error) {
    if (!(error instanceof TransactionRollbackError)) throw error;
  }
  const [result] = came;
  if (came.length === 0) throw new DomainError('internal', say('databaseRefused'));
  return result as Result;
}

function newPending(open = false): Pending {
  return {
    audits: [],
    written: [],
    events: [],
    afterwards: [],
    open,
    audited: false,
    startedAt: performance.now(),
  };
}

function verbCtx(ctx: Joined, pending: Pending): VerbCtx {
  const view: VerbCtx & Joined = {
    ...ctx,
    audit: (entry) => void pending.audits.push(entry),
    emit: (event) => void pending.events.push(event),
    afterwards: (work) => void pending.afterwards.push(work),
    [pendingKey]: pending,
  };
  return view;
}

/** Writes one row for every note, and the events for webhooks; a write without a note is audited with its input. */
async function writeAudit(ctx: Ctx, action: Action, pending: Pending, input?: unknown): Promise<void> {
  const subject = subjectOf(input);
  const plain: AuditNote = subject === '' ? {} : { id: subject };
  const notes = pending.audits.length > 0 || pending.audited ? pending.audits : [plain];
  const rows = await appendAudit(ctx, action, notes, { durationMs: performance.now() - pending.startedAt });
  await announce(
    ctx,
    rows.flatMap((row) => happeningOf(row) ?? []),
  );
  pending.written.push(...rows);
}

/** Refuses what the actor may not do to anything at all; verbs ask again with the object. */
function authorize(ctx: Ctx, action: Action): void {
  const decision = decideFor(ctx, action);
  if (decision.allowed) return;
  if (ctx.actor.type === 'anonymous') throw new DomainError('unauthenticated', say('signIn'));
  throw refusal(action, decision);
}

/** Checks a value against a schema; what is wrong comes as one `invalid` error with every field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const errors: FieldProblem[] = parsed.error.issues.map((issue) => ({
    field: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const first = errors[0] ?? { field: '', message: 'The input is not valid.' };
  const { field, message } = first;
  const why = field === '' ? said(message) : say('inField', { field, reason: message });
  throw new DomainError('invalid', why, { field, errors });
}

/** A driver's message holds SQL and values: nobody outside sees it. */
function toDomainError(thrown: unknown): unknown {
  const error = fromDatabase(fromEngine(thrown));
  if (isDomainError(error)) return error;
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return new DomainError('timeout', say('requestEnded'), undefined, { cause: error });
  }
  const state = sqlStateOf(error);
  if (state === '23505') {
    return new DomainError('conflict', say('nameExists'), {}, { cause: error });
  }
  if (state === '23503') {
    return new DomainError('not_found', say('referenceGone'), {}, { cause: error });
  }
  if (state === '22021') {
    return new DomainError('invalid', say('holdsNul'), {}, { cause: error });
  }
  if (state?.startsWith('22')) {
    return new DomainError('invalid', say('wrongKind'), {}, { cause: error });
  }
  if (state !== null) return new DomainError('internal', say('databaseRefused'), undefined, { cause: error });
  return error;
}
