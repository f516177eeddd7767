import type { ChatRequest } from '@switchboard/core/models';
import type { Model } from '@switchboard/core/models/schema';
import { othersOf } from './open.ts';
import type { ChatBody, Message, Tool } from './wire.ts';

export function toListed({ name, createdAt, ownerName }: Model) {
  return {
    id: name,
    object: 'model' as const,
    created: createdAt === null ? 0 : Math.floor(createdAt.getTime() / 1000),
    owned_by: ownerName ?? 'switchboard',
  };
}

type RequestMessage = ChatRequest['messages'][number];
type Offered = NonNullable<ChatRequest['tools']>[number];

/** Fields without those that are null where they may be absent. */
function given(fields: object) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

/** The answer of an assistant is one text for the hub; a refusal is kept apart. */
function toAssistant({ content, refusal, tool_calls: calls, ...rest }: Extract<Message, { role: 'assistant' }>) {
  const parts = Array.isArray(content) ? content : [];
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const refused = parts.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])).join('');
  const said = refusal ?? refused;
  return {
    ...rest,
    content: Array.isArray(content) ? texts.join('') : (content ?? null),
    ...(said !== '' && { refusal: said }),
    ...(calls && calls.length > 0 && { tool_calls: calls }),
  };
}

function toMessage(message: Message): RequestMessage {
  return (message.role === 'assistant' ? toAssistant(message) : given(message)) as RequestMessage;
}

function toTool({ type, function: spec }: Tool): Offered {
  return { type, function: given(spec) as unknown as Offered['function'] };
}

/** The request to the model, from the body of a program. */
export function toAsked(body: ChatBody): ChatRequest {
  const { model, messages, tools = [] } = body;
  return { model, messages: messages.map(toMessage), tools: tools.map(toTool), parameters: othersOf(body) };
}
