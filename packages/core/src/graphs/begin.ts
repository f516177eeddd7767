import { eq, sql } from 'drizzle-orm';
import { checkGraph, flattenGraph, type FlatGraph, type Graph } from '@switchboard/agents/graphs';
import { tables, type Db } from '@switchboard/db';
import { keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { assertRoom, requireIdle } from '../conversations/begin.ts';
import { tellChanged } from '../conversations/changed.ts';
import { lockConversation, type Holder } from '../conversations/queries.ts';
import { closeAgain, reopen } from '../conversations/reopen.ts';
import type { ConversationRow } from '../conversations/rows.ts';
import { DomainError } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { beginRun } from '../journal/write.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { storable, storableJson } from '../storable.ts';
import { runInputOf, type RunInput, type RunSnapshot } from './held-run.ts';
import { whyOf } from './problems.ts';
import { configOf } from './queries.ts';
import { resultOfRun } from './result.ts';
import type { GraphRow } from './rows.ts';
import { startGraphRun } from './run.ts';
import type { RunBudget } from './schema.ts';
import { worldOf } from './world.ts';

const { agentRuns, conversations } = tables;

export interface BegunRun {
  runId: string;
  conversationId: string;
  externalId: string;
}

/** The graph with its sub-graphs put in, where it can be run as things are now. */
async function flatOf(ctx: Ctx, config: Graph): Promise<FlatGraph> {
  const world = await worldOf(ctx, config);
  const [problem] = checkGraph(config, world).problems;
  if (problem) throw new DomainError('invalid', say('graphNotRunnable', { problem: whyOf(problem) }));
  return flattenGraph(config, world);
}

/** `name_20240101_093000_123_0a1b2c3d`: the graph, the time, and what keeps two apart. */
function externalIdOf(name: string, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('T', '_').replace('.', '_').replace('Z', '');
  return `${name}_${time}_${newId().slice(0, 8)}`;
}

async function makeConversation(ctx: Ctx, db: Db, holder: Holder, externalId: string): Promise<ConversationRow> {
  await assertRoom(db, holder);
  const id = newId();
  const now = new Date(ctx.clock.now());
  const made = await db
    .insert(conversations)
    .values({
      id,
      ...holder,
      externalId,
      kind: 'graph',
      title: storable(externalId, 100),
      titledBy: 'person',
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: conversations.id });
  if (made.length === 0) throw new DomainError('conflict', say('graphBusy'));
  return lockConversation(db, id);
}

/** The place of a run: an existing conversation, or the id that its holder gives to a new one. */
export type RunPlace = { row: ConversationRow } | { holder: Holder; externalId: string | null };

/** The values that earlier runs in the conversation pass on to this one. */
async function inheritedOf(db: Db, run: AgentRunRow | null): Promise<Pick<RunInput, 'earlier' | 'globals'>> {
  if (!run) return { earlier: [], globals: {} };
  const { content, earlier } = runInputOf(run);
  const { start: _inputs, ...globals } = (await resultOfRun(db, run)).global_outputs;
  return { earlier: [...earlier, content], globals };
}

/**
 * Stores a run and starts it. Throws `invalid` where the graph cannot be run, `conflict` where a run is running there.
 */
export async function beginGraphRun(
  ctx: Ctx,
  graph: GraphRow,
  place: RunPlace,
  { content, within, budget }: { content: string; within: readonly string[]; budget?: RunBudget | undefined },
): Promise<BegunRun> {
  const config = configOf(graph);
  const flat = await flatOf(ctx, config);
  const written = await ctx.db.transaction(async (tx) => {
    const row =
      'row' in place
        ? await lockConversation(tx, place.row.id)
        : await makeConversation(ctx, tx, place.holder, place.externalId ?? externalIdOf(graph.name, ctx.clock.now()));
    await requireIdle(tx, row.id);
    const before = row.headId === null ? null : await findRun(tx, row.headId);
    const id = newId();
    const now = new Date(ctx.clock.now());
    const snapshot: RunSnapshot = {
      graphId: graph.id,
      graph: flat,
      config,
      within: [...within],
      ...(budget && { budget }),
    };
    const input: RunInput = { content: storable(content, content.length), ...(await inheritedOf(tx, before)) };
    const hold = await beginRun(tx, ctx.journal.hubId, {
      id,
      kind: 'graph',
      conversationId: row.id,
      parentId: before?.id ?? null,
      ownerId: row.ownerId,
      keyId: keyIdOf(ctx.actor),
      snapshot: storableJson(snapshot),
      input: storableJson(input),
      model: '',
      createdAt: now,
    });
    const next = { headId: id, rounds: row.rounds + 1, updatedAt: now };
    await tx.update(conversations).set(next).where(eq(conversations.id, row.id));
    const run = await findRun(tx, id);
    if (!run) throw new Error('A run was not written.');
    return { row, run, hold, isNew: !('row' in place) };
  });
  const { row, run } = written;
  try {
    startGraphRun(ctx, { run, hold: written.hold, steps: [] });
  } catch (error) {
    await undo(ctx, row, run, written.isNew);
    throw error;
  }
  await tellChanged(ctx, row.id);
  return { runId: run.id, conversationId: row.id, externalId: row.externalId };
}

/** Takes back what was written of a run that could not begin. */
async function undo(ctx: Ctx, row: ConversationRow, run: AgentRunRow, isNew: boolean): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.delete(agentRuns).where(eq(agentRuns.id, run.id));
    if (isNew) await tx.delete(conversations).where(eq(conversations.id, row.id));
    else {
      const before = { headId: row.headId, rounds: row.rounds, updatedAt: row.updatedAt };
      await tx.update(conversations).set(before).where(eq(conversations.id, row.id));
    }
  });
}

/** Goes on with a run that failed or was stopped, where it ended: nothing that was done is done again. */
export async function resumeGraphRun(
  ctx: Ctx,
  runId: string,
  conversationId: string,
  budget?: RunBudget,
): Promise<void> {
  if (budget) {
    const changed = sql`jsonb_set(${agentRuns.snapshot}, '{budget}', ${JSON.stringify(budget)}::text::jsonb)`;
    await ctx.db.update(agentRuns).set({ snapshot: changed }).where(eq(agentRuns.id, runId));
  }
  await goOn(ctx, await reopen(ctx, runId, conversationId), conversationId);
}

/** Continues a run that was reopened; with `isLetIn`, regardless of the person's other runs. */
export async function goOn(
  ctx: Ctx,
  { run, hold }: Awaited<ReturnType<typeof reopen>>,
  conversationId: string,
  isLetIn = false,
): Promise<void> {
  try {
    const steps = (await stepsOf(ctx.db, [run.id])).get(run.id) ?? [];
    startGraphRun(ctx, { run, hold, steps, isLetIn });
  } catch (error) {
    await closeAgain(ctx, run, hold);
    throw error;
  }
  await tellChanged(ctx, conversationId);
}
