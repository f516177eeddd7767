import { and, eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { keyIdOf, userIdOf } from '../actor.ts';
import { tellChanged } from '../conversations/changed.ts';
import { lockConversation } from '../conversations/queries.ts';
import { reopen } from '../conversations/reopen.ts';
import { DomainError, invalidField } from '../errors.ts';
import { findRun, stepsOf } from '../journal/read.ts';
import { isSuspended, type AgentRunRow } from '../journal/rows.ts';
import { say } from '../reasons.ts';
import { storable, storableJson } from '../storable.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { goOn } from './begin.ts';
import { endSuspended } from './end-suspended.ts';
import type { Asked } from './events.ts';
import { requireRun } from './runs.ts';
import { AnswerRun } from './schema.ts';
import { openAsks, type AskOutput } from './visits.ts';

const { agentSteps } = tables;
const longestWhy = 500;

function outputOf({ question }: Asked, text: string): string {
  return question.ask === 'approve' ? question.text : storable(text, text.length);
}

/**
 * Stores an answer. With the last one the run belongs to this hub in the same transaction, so that no crash can come in
 * between; returns the run to resume, and null where other questions are open.
 */
async function writeAnswer(ctx: VerbCtx, asked: Asked, answer: NonNullable<AskOutput['answer']>, run: AgentRunRow) {
  return ctx.db.transaction(async (tx) => {
    // First the conversation, as everything does that reopens a run; and two answers follow each other.
    const { id: conversationId } = await lockConversation(tx, run.conversationId ?? '');
    const now = await findRun(tx, run.id);
    const open = openAsks((await stepsOf(tx, [run.id])).get(run.id) ?? []);
    const own = open.find(({ node, visit }) => node === asked.node && visit === asked.visit);
    if (!now || !isSuspended(now) || !own) {
      throw new DomainError('conflict', say('graphAnswered', { node: asked.node }));
    }
    const output: AskOutput = { question: asked.question, answer };
    await tx
      .update(agentSteps)
      .set({ state: 'done', output: storableJson(output), endedAt: new Date(ctx.clock.now()) })
      .where(and(eq(agentSteps.runId, run.id), eq(agentSteps.key, own.key)));
    return open.length === 1 ? await reopen({ ...ctx, db: tx }, run.id, conversationId) : null;
  });
}

/**
 * Answers a question of a run; after the last answer the run resumes. A refused result ends the run, and resuming it
 * asks again.
 */
export const answerGraphRun = verb(
  { name: 'conversation.write', access: 'read', input: AnswerRun },
  async (ctx, { runId, node, visit, accept, text, handoff, repeat }): Promise<{ runId: string }> => {
    const { run, conversation } = await requireRun(ctx, runId, 'conversation.write');
    if (keyIdOf(ctx.actor) !== null) throw new DomainError('forbidden', say('graphAnswerByPerson'));
    const steps = (await stepsOf(ctx.db, [runId])).get(runId) ?? [];
    const asked = openAsks(steps).find((one) => one.node === node && one.visit === visit);
    if (!asked || !isSuspended(run)) throw new DomainError('conflict', say('graphAnswered', { node }));
    if (!accept) {
      const failure = say('graphDeclined', { node, why: text.slice(0, longestWhy) || '–' });
      const isEnded = await endSuspended(ctx, run, { state: 'failed', finish: null, failure });
      if (!isEnded) throw new DomainError('conflict', say('graphAnswered', { node }));
      return { runId };
    }
    const { targets } = asked.question;
    if (handoff !== null && !targets.includes(handoff)) {
      throw invalidField('handoff', say('graphAnswerTarget', { targets: targets.join(', ') || '–' }));
    }
    const again = repeat && asked.question.ask === 'doubt';
    const answer = { output: outputOf(asked, text), handoff, by: userIdOf(ctx.actor), ...(again && { repeat: true }) };
    const opened = await writeAnswer(ctx, asked, answer, run);
    // The run was admitted when it started: an answer is not refused because of other runs.
    if (opened) await goOn(ctx, opened, conversation.id, true);
    else await tellChanged(ctx, conversation.id);
    return { runId };
  },
);
