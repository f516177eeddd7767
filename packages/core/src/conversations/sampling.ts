import { z } from 'zod';
import type { ContentPart, JsonObject, Message } from '@switchboard/agents';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { textOfTurn } from './text-of-turn.ts';

const mostMessages = 200;
const mostText = 500_000;
const mostTokens = 32_000;

const Block = z.union([
  z.object({ type: z.literal('text'), text: z.string().max(mostText) }),
  z.object({
    type: z.literal('image'),
    data: z.base64().max(7_000_000),
    mimeType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
  }),
]);

/** A sampling request of a server, as far as the hub passes it to a model. */
const Request = z.object({
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: z.union([Block, z.array(Block).max(100)]) }))
    .min(1)
    .max(mostMessages),
  systemPrompt: z.string().max(mostText).optional(),
  maxTokens: z.int().min(1),
  temperature: z.number().min(0).max(2).optional(),
  stopSequences: z.array(z.string().max(1_000)).max(16).optional(),
});

type Sampled = z.infer<typeof Request>;

function partOf(block: z.infer<typeof Block>): ContentPart {
  if (block.type === 'text') return block;
  return { type: 'image_url', image_url: { url: `data:${block.mimeType};base64,${block.data}` } };
}

function messageOf({ role, content }: Sampled['messages'][number]): Message {
  const parts = (Array.isArray(content) ? content : [content]).map(partOf);
  if (role === 'user') return { role, content: parts };
  return { role, content: parts.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n') };
}

/** Lets a model answer what a server wants sampled (`sampling/createMessage`), under the rights and budgets of the actor. */
export async function sampleBy(ctx: Ctx, model: string, params: JsonObject): Promise<JsonObject> {
  const read = Request.safeParse(params);
  if (!read.success)
    throw new DomainError('invalid', say('cannotSample', { why: z.prettifyError(read.error).slice(0, 1_000) }));
  const { messages, systemPrompt, maxTokens, temperature, stopSequences } = read.data;
  const text = await textOfTurn(ctx, {
    model,
    messages: [
      ...(systemPrompt === undefined ? [] : [{ role: 'system' as const, content: systemPrompt }]),
      ...messages.map(messageOf),
    ],
    parameters: {
      max_tokens: Math.min(maxTokens, mostTokens),
      ...(temperature !== undefined && { temperature }),
      ...(stopSequences !== undefined && { stop: stopSequences }),
    },
  });
  return { role: 'assistant', content: { type: 'text', text }, model, stopReason: 'endTurn' };
}
