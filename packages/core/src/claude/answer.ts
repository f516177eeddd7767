import { actorBehind } from '../access/behind.ts';
import type { Ctx } from '../context.ts';
import { isDatabaseAway } from '../database-away.ts';
import { DomainError, isDomainError } from '../errors.ts';
import { tellClaudeJob } from '../jobs/types/tell-claude.ts';
import { say } from '../reasons.ts';
import { converse } from './converse.ts';
import { endRequest, findRequest, type RequestRow } from './requests.ts';
import { ClaudeChat } from './schema.ts';

async function answer(ctx: Ctx, row: RequestRow) {
  const actor = actorBehind(ctx, row);
  if (!actor) throw new DomainError('forbidden', say('claudeAskerGone'));
  return await converse({ ...ctx, actor }, ClaudeChat.parse(row.question));
}

/** The end of a question. An error that a retry may cure is thrown. */
async function endOf(ctx: Ctx, row: RequestRow): Promise<Parameters<typeof endRequest>[2]> {
  try {
    return { state: 'completed', ...(await answer(ctx, row)) };
  } catch (error) {
    if (ctx.signal.aborted || isDatabaseAway(error)) throw error;
    if (isDomainError(error)) return { state: 'failed', error: error.message };
    ctx.log.error({ err: error, request: row.id }, 'A question to Claude failed');
    return { state: 'failed', error: say('claudeFailed').text };
  }
}

/** Answers a question that waits, and has the answer posted where that was asked for. */
export async function answerRequest(ctx: Ctx, id: string): Promise<void> {
  const row = await findRequest(ctx.db, id);
  if (row?.state !== 'processing') return;
  const end = await endOf(ctx, row);
  await ctx.db.transaction(async (tx) => {
    const isEnded = await endRequest(tx, id, end, ctx.clock.now());
    if (isEnded && row.callback !== null) await ctx.jobs.send(tx, tellClaudeJob, { requestId: id });
  });
}
