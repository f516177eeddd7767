import { z } from 'zod';
import type { Chunk, Completion } from '@switchboard/agents';
import type { Ctx } from '../context.ts';
import { completeFrom, streamFrom, type ChatRequest, type Chunks, type OpenChunks } from '../models/chat.ts';
import { requireModel } from '../models/queries.ts';
import { verb } from '../verb.ts';
import { approverOf } from './asking.ts';
import { converse, newTally, noJournal, type Tally } from './converse.ts';
import type { ChatEvent } from './events.ts';
import { ChosenTools } from './schema.ts';

/** The request of a program to a model that may use tools of the hub. The gate of the API has checked it. */
const AskedWithTools = z.object({
  asked: z.custom<ChatRequest>((value) => typeof value === 'object' && value !== null),
  chosen: ChosenTools,
});

/** The whole answer of a model that used tools of the hub on its way. */
export const completeWithTools = verb(
  { name: 'model.use', access: 'read', input: AskedWithTools },
  (ctx, { asked, chosen }): Promise<Completion> => completeFrom(ctx, allTurns(ctx, asked, chosen, false)),
);

/** The same as a stream, as if it were one turn. A failure before the first chunk is thrown here. */
export const streamWithTools = verb(
  { name: 'model.use', access: 'read', input: AskedWithTools },
  (ctx, { asked, chosen }): Promise<Chunks> => streamFrom(ctx, allTurns(ctx, asked, chosen, true)),
);

function allTurns(ctx: Ctx, asked: ChatRequest, chosen: ChosenTools, stream: boolean): OpenChunks {
  return async (signal) => {
    const { name, toolProtocol, contextWindow } = await requireModel(ctx, asked.model, 'model.use');
    const tally = newTally(name);
    const plan = {
      model: asked.model,
      fallback: null,
      protocol: toolProtocol,
      contextWindow,
      messages: asked.messages,
      chosen,
      options: asked.parameters ?? {},
      way: 'v1' as const,
      signal,
      journal: noJournal,
      stream,
      approve: approverOf(ctx, { conversationId: null, isWatched: false }, null),
    };
    return asOneTurn(converse({ ...ctx, signal }, plan, tally), tally);
  };
}

/**
 * Joins several turns into one answer for a program: turns that ended with calls of the hub's tools are its beginning.
 */
async function* asOneTurn(events: AsyncIterable<ChatEvent>, tally: Tally): AsyncGenerator<Chunk> {
  let head: Pick<Chunk, 'id' | 'object' | 'created' | 'model'> | null = null;
  let finish: string | null = null;
  let hasText = false;
  for await (const event of events) {
    if (event.type === 'turn' && hasText && head) {
      // Otherwise the words of two turns would run together.
      yield { ...head, choices: [{ index: 0, delta: { content: '\n\n' }, finish_reason: null }] };
      hasText = false;
    }
    if (event.type === 'answer') ({ finish } = event);
    if (event.type !== 'chunk') continue;
    const { id, object, created, model } = (head ??= event.chunk);
    head = { id, object, created, model };
    const choices = event.chunk.choices.filter(({ index }) => index === 0).map(withoutCalls);
    hasText ||= choices.some(({ delta }) => (delta.content ?? '') !== '');
    if (choices.length > 0) yield { ...event.chunk, ...head, choices };
  }
  if (!head) return;
  const { tokensIn, tokensOut } = tally.used;
  yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: finish === 'tool_calls' ? 'length' : finish }] };
  const usage = { prompt_tokens: tokensIn, completion_tokens: tokensOut, total_tokens: tokensIn + tokensOut };
  yield { ...head, choices: [], usage };
}

/** Calls of tools that the program does not have are none of its own, and no turn but the last ends the answer. */
function withoutCalls(choice: Chunk['choices'][number]): Chunk['choices'][number] {
  const { tool_calls: _calls, ...delta } = choice.delta;
  return { ...choice, delta, finish_reason: null };
}
