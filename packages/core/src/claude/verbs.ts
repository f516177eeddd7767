import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { userIdOf, keyIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { answerClaudeJob } from '../jobs/types/answer-claude.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { lockUser } from '../users/queries.ts';
import { verb } from '../verb.ts';
import { makeSecret } from './callback.ts';
import { converse, requireClaude } from './converse.ts';
import { offeredModels } from './models.ts';
import { countRequests, keptMs, requireRequest, sealCallback, toRequest } from './requests.ts';
import {
  ClaudeChat,
  ClaudeQuestion,
  ClaudeRequestById,
  type AskedClaude,
  type ClaudeAnswer,
  type ClaudeConfig,
  type ClaudeRequest,
} from './schema.ts';

/** Of one person's questions: how many are kept, and how many of these may wait. */
const mostKept = 1_000;
const mostWaiting = 32;

/** Which models the actor may ask over the Claude API. */
export const getClaudeConfig = verb(
  { name: 'model.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<ClaudeConfig> => {
    const models = (await offeredModels(ctx)).map(({ name }) => name);
    return { models, defaultModel: models[0] ?? null, maxTokens: ctx.policy.claude.maxTokens };
  },
);

/** Answers a prompt, when the answer is complete. */
export const askClaude = verb(
  { name: 'model.use', access: 'read', input: ClaudeChat },
  async (ctx, input): Promise<ClaudeAnswer> => await converse(ctx, input),
);

/** Has a prompt answered by a job, whose answer is kept for a day. */
export const askClaudeLater = verb(
  { name: 'model.use', access: 'write', input: ClaudeQuestion },
  async (ctx, { callbackUrl, ...question }): Promise<AskedClaude> => {
    const { name: model } = await requireClaude(ctx, question.model);
    const userId = userIdOf(ctx.actor);
    await assertRoom(ctx, userId);
    const id = newId();
    const allowPrivate = may(ctx, 'server.run-process');
    const callbackSecret = callbackUrl === undefined ? null : makeSecret();
    if (callbackUrl !== undefined) requireReachable(ctx, callbackUrl, allowPrivate);
    const createdAt = new Date(ctx.clock.now());
    await ctx.db.insert(tables.claudeRequests).values({
      id,
      userId,
      keyId: keyIdOf(ctx.actor),
      question,
      callback:
        callbackUrl !== undefined && callbackSecret !== null
          ? sealCallback(ctx, id, { url: callbackUrl, secret: callbackSecret })
          : null,
      allowPrivate,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + keptMs),
    });
    await ctx.jobs.send(ctx.db, answerClaudeJob, { requestId: id });
    ctx.audit({ id, details: { model, callback: callbackUrl === undefined ? null : new URL(callbackUrl).origin } });
    return { id, callbackSecret };
  },
);

/** A question that was asked for later, with its answer. */
export const getClaudeRequest = verb(
  { name: 'model.use', access: 'read', input: ClaudeRequestById },
  async (ctx, { id }): Promise<ClaudeRequest> => toRequest(await requireRequest(ctx, id)),
);

function requireReachable(ctx: Ctx, url: string, allowPrivate: boolean): void {
  const why = ctx.callbacks.refuse(url, allowPrivate || ctx.policy.allowPrivateUrls);
  if (why !== null) throw invalidField('callbackUrl', say('callbackForbidden', { why }));
}

/** Counts with the asker's row locked, so that questions asked at once count each other. */
async function assertRoom(ctx: Ctx, userId: string | null): Promise<void> {
  if (userId !== null) await lockUser(ctx.db, userId);
  const { kept, waiting } = await countRequests(ctx.db, userId, ctx.clock.now());
  if (waiting >= mostWaiting) throw new DomainError('limit_exceeded', say('claudeWaiting', { count: waiting }));
  if (kept >= mostKept) throw new DomainError('limit_exceeded', say('claudeKept', { count: kept }));
}
