import { z } from 'zod';
import { onSignedOut } from '../access/signed-out.ts';
import { keyIdOf, userIdOf } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { requireModel } from '../models/queries.ts';
import { say } from '../reasons.ts';
import type { RunNews } from '../runs/contract.ts';
import { verb } from '../verb.ts';
import { approverOf } from './asking.ts';
import { beginRound } from './begin.ts';
import { converse, newTally, noJournal, type Tally } from './converse.ts';
import { toTold, type ChatEvent, type ToldEvent } from './events.ts';
import { followChunks } from './follow.ts';
import { toldTo } from './history.ts';
import { namedHolder } from './holder.ts';
import { userMessage } from './messages.ts';
import { absentConversation, findCalled, listHeld, requireConversation } from './queries.ts';
import { ConversationId, Prompt, RoundSettings, Name, type ConversationItem } from './schema.ts';
import { toItem } from './view.ts';

const mostListed = 200;

const asked = { content: Prompt, settings: RoundSettings, stream: z.boolean() };

/** The events of one chat, and its result at the end. */
export type ChatTold = AsyncGenerator<ToldEvent, void>;

/** A chat of which nothing is kept; it ends with the request, and with the sign-in or key behind it. */
export const chatOnce = verb(
  { name: 'model.use', access: 'read', input: z.object(asked) },
  async (ctx, { content, settings, stream }): Promise<{ told: ChatTold; tally: Tally }> => {
    const { name, toolProtocol, contextWindow, images } = await requireModel(ctx, settings.model, 'model.use');
    const stop = new AbortController();
    const signal = AbortSignal.any([ctx.signal, stop.signal]);
    const tally = newTally(name);
    const plan = {
      model: settings.model,
      fallback: settings.fallback,
      protocol: toolProtocol,
      contextWindow,
      messages: toldTo({
        systemPrompt: settings.systemPrompt,
        before: [],
        round: [userMessage({ content, attachments: [] })],
        images,
      }),
      chosen: settings.chosen,
      options: {},
      way: 'chat' as const,
      signal,
      journal: noJournal,
      stream,
      approve: approverOf(ctx, { conversationId: null, isWatched: false }, null),
    };
    return { told: untilSignedOut(ctx, toldOf(converse({ ...ctx, signal }, plan, tally)), stop), tally };
  },
);

async function* toldOf(events: AsyncIterable<ChatEvent>): ChatTold {
  for await (const event of events) yield toTold(event);
}

/** Ends with the sign-in or key behind it, and with an event that says so. */
async function* untilSignedOut<T>(ctx: Ctx, events: AsyncIterable<T>, stop: AbortController): AsyncGenerator<T, void> {
  let signedOut = false;
  const unwatch = onSignedOut(ctx, () => {
    signedOut = true;
    stop.abort();
  });
  try {
    yield* events;
  } catch (error) {
    if (!isTrue(signedOut)) throw error;
  } finally {
    unwatch();
    stop.abort();
  }
  if (isTrue(signedOut))
    throw new DomainError('unauthenticated', say(keyIdOf(ctx.actor) !== null ? 'keyEnded' : 'sessionEnded'));
}

/** A variable that callbacks set is false for ever in the eyes of the compiler. */
function isTrue(value: boolean): boolean {
  return value;
}

/** A chat in a conversation that its caller names; it continues when the caller disconnects. */
export const chatIn = verb(
  {
    name: 'conversation.write',
    access: 'read',
    input: z.object({ ...asked, conversation: ConversationId, userId: Name.optional() }),
  },
  async (ctx, { conversation, userId, ...said }): Promise<AsyncGenerator<RunNews<'chat.round'>>> => {
    const place = { holder: namedHolder(ctx, userId), externalId: conversation };
    const { runId } = await beginRound(ctx, place, { ...said, attachments: [], isWatched: false });
    return toldUntilSignedOut(ctx, runId);
  },
);

/** The events of a round from its beginning, until the sign-in or key behind it ends. */
export function toldUntilSignedOut(ctx: Ctx, runId: string): AsyncGenerator<RunNews<'chat.round'>> {
  const stop = new AbortController();
  const news = followChunks({ ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) }, runId);
  return untilSignedOut(ctx, news, stop);
}

/** The id of what the caller calls so: its own, or one that it reads under its id. */
export const findNamed = verb(
  {
    name: 'conversation.read',
    access: 'read',
    input: z.object({ conversation: z.string().max(256), userId: Name.optional() }),
  },
  async (ctx, { conversation, userId }): Promise<string> => {
    // No text of the database has one.
    if (conversation.includes('\0')) throw absentConversation(conversation);
    const own = await findCalled(ctx.db, namedHolder(ctx, userId), conversation);
    const found = own ?? (await requireConversation(ctx, conversation));
    return found.id;
  },
);

/** Lists the conversations of a holder, deleted ones too, the newest first. */
export const listNamed = verb(
  { name: 'conversation.read', access: 'read', input: z.object({ userId: Name.optional() }) },
  async (ctx, { userId }): Promise<ConversationItem[]> => {
    const rows = await listHeld(ctx.db, namedHolder(ctx, userId), mostListed);
    return rows.map((row) => toItem(row, false));
  },
);

/** The name of the caller, for documents that name a user. */
export function userNameOf({ actor }: Pick<Ctx, 'actor'>): string {
  return userIdOf(actor) ?? 'default_user';
}
