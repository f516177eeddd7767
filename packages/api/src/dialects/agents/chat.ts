import { randomUUID } from 'node:crypto';
import { DomainError } from '@switchboard/core';
import { chatIn, chatOnce, type ChatTold, type ToldEvent } from '@switchboard/core/conversations';
import { say } from '@switchboard/core/reasons';
import type { ApiContext } from '../../context.ts';
import { heldStream } from '../../streams.ts';
import type { SseEvent } from '../kit/sse.ts';
import { toAnswer, toChat, type Collected } from './chat-map.ts';
import { ChatAnswer, ChatBody } from './chat-wire.ts';
import { describeFailure } from './describe-failure.ts';
import { route } from './dialect.ts';
import { chat as examples } from './examples.ts';

/** A running chat: its events, and its use at the end. */
interface RunningChat {
  told: ChatTold;
  used: () => Collected['used'];
}

export const complete = route({
  method: 'POST',
  path: '/chat/completions',
  aliases: ['/api/chat/completions'],
  summary: 'Say something to a model',
  description:
    'The model may use the tools of the servers that are named, in ten turns at most. Chunks come as the provider sends ' +
    'them, the result of a tool as `data: {"role": "tool", …}`, a failure as `data: {"error": …}`, and `[DONE]` last. A ' +
    'conversation that has an id is answered to its end, whoever reads.',
  stream: 'stream',
  verbs: [chatOnce],
  alsoNeeds: { 'conversation.write': 'with `conversation_id`' },
  errors: [400, 401, 403, 404, 409, 422, 429, 500],
  example: examples,
})
  .input(ChatBody)
  .output(ChatAnswer)
  .mutation(async ({ ctx, input }) => {
    const chat = toChat(input);
    if (!input.stream) return wholeAnswer(ctx, input, await begin(ctx, input, chat));
    // Counted before the model is asked: nobody pays for an answer that is refused.
    const release = ctx.streams.hold(ctx.core.actor);
    try {
      const { told } = await begin(ctx, input, chat);
      function end() {
        release();
        told.return().catch(() => undefined);
      }
      return heldStream(eventsOf(ctx, told), end, ctx.core.signal);
    } catch (error) {
      release();
      throw error;
    }
  });

async function begin(ctx: ApiContext, input: ChatBody, chat: ReturnType<typeof toChat>): Promise<RunningChat> {
  const { conversation_id: conversation, user_id: userId } = input;
  if (conversation == null) {
    const { told, tally } = await chatOnce(ctx.core, chat);
    return { told, used: () => tally.used };
  }
  const news = await chatIn(ctx.core, { ...chat, conversation, ...(userId !== undefined && { userId }) });
  const used = { tokensIn: 0, tokensOut: 0 };
  async function* told(): ChatTold {
    for await (const item of news) {
      if (item.type === 'event') yield item.event;
      if (item.type !== 'end') continue;
      const { outcome, result, code, reason } = item.run;
      Object.assign(used, result?.used);
      if (outcome !== 'ok') throw new DomainError(code ?? 'timeout', reason ?? say('answerRefused'));
    }
  }
  return { told: told(), used: () => used };
}

async function wholeAnswer(ctx: ApiContext, input: ChatBody, { told, used }: RunningChat) {
  const collected: Collected = {
    id: randomUUID(),
    model: input.model_name,
    messages: [],
    finish: 'stop',
    used: used(),
  };
  for await (const event of told) {
    if (event.type === 'answer') {
      collected.model = event.model;
      collected.finish = event.finish ?? 'stop';
    }
    if (event.type === 'answer' || event.type === 'result') collected.messages.push(event.message);
  }
  return toAnswer(input, { ...collected, used: used() }, ctx.core.clock.now());
}

function toSse(event: ToldEvent): SseEvent | null {
  if (event.type === 'chunk') return { data: null, text: event.json };
  if (event.type !== 'result') return null;
  const { tool_call_id, content } = event.message;
  return { data: { role: 'tool', tool_call_id, content } };
}

async function* eventsOf(ctx: ApiContext, told: ChatTold): AsyncGenerator<SseEvent> {
  try {
    for await (const event of told) {
      const shown = toSse(event);
      if (shown) yield shown;
    }
  } catch (error) {
    const { message } = describeFailure(ctx, error, 'A chat failed');
    yield { data: { error: { message, type: 'api_error' } } };
  }
  yield { data: null, text: '[DONE]' };
}
