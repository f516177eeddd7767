import { and, eq } from 'drizzle-orm';
import type { Message } from '@switchboard/agents';
import { titleIn, titlePrompt } from '@switchboard/agents/chat';
import { tables } from '@switchboard/db';
import { actorBehind } from '../access/behind.ts';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import type { AgentRunRow } from '../journal/rows.ts';
import { storable } from '../storable.ts';
import { tellChanged } from './changed.ts';
import { loadRounds, messagesOf } from './messages.ts';
import { textOfTurn } from './text-of-turn.ts';

const { conversations } = tables;
/** No one waits for a title, so it may not take long. */
const longestMs = 60_000;
const mostTokens = 400;

async function replyOf(ctx: Ctx, run: AgentRunRow, messages: readonly Message[]): Promise<string> {
  const actor = actorBehind(ctx, { userId: run.ownerId, keyId: run.keyId });
  if (!actor) return '';
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(longestMs)]);
  try {
    const asked = { model: run.model, messages: titlePrompt(messages), parameters: { max_tokens: mostTokens } };
    return await textOfTurn({ ...ctx, actor, signal }, asked);
  } catch (error) {
    tellFailure(ctx.log, 'debug', error, 'A model gave a conversation no title');
    return '';
  }
}

function answerIn(messages: readonly Message[]): string {
  const last = messages.findLast(({ role, content }) => role === 'assistant' && typeof content === 'string');
  return typeof last?.content === 'string' ? last.content : '';
}

/** Gives the conversation of a round a title and tags, where nobody gave it one: the model's, else the beginning of its answer. */
export async function nameConversation(ctx: Ctx, runId: string): Promise<void> {
  const [round] = await loadRounds(ctx.db, [runId]);
  const id = round?.run.conversationId ?? null;
  if (!round || id === null) return;
  const messages = messagesOf(round.run, round.steps);
  const { title, tags } = titleIn(await replyOf(ctx, round.run, messages), answerIn(messages));
  ctx.signal.throwIfAborted();
  if (title === '') return;
  const named = await ctx.db
    .update(conversations)
    .set({ title: storable(title, 100), titledBy: 'model' })
    .where(and(eq(conversations.id, id), eq(conversations.titledBy, 'nobody')))
    .returning({ tags: conversations.tags });
  const [row] = named;
  if (!row) return;
  // Tags that a person gave stay.
  if (row.tags.length === 0 && tags.length > 0) {
    await ctx.db
      .update(conversations)
      .set({ tags: tags.map((tag) => storable(tag, 20)) })
      .where(eq(conversations.id, id));
  }
  await tellChanged(ctx, id);
}
