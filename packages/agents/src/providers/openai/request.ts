import type { ContentPart, JsonObject, Message, Model, Tool, ToolCall, ToolMessage } from '../../types.ts';
import type { TurnRequest } from '../format.ts';
import { wholeCalls, withoutImages } from '../messages.ts';
import { toolSchema } from '../tool-schema.ts';

/** The body of a request in OpenAI's format. */
export function openaiBody(model: Model, { messages, tools, parameters, stream }: TurnRequest): JsonObject {
  const offered = model.abilities?.tools === false ? [] : tools;
  const { tool_choice: choice, parallel_tool_calls: parallel, ...others } = parameters;
  return {
    ...others,
    ...model.extraBody,
    model: model.model,
    messages: sentMessages(wholeCalls(messages), model),
    ...(offered.length > 0 && {
      tools: offered.map(sentTool),
      ...(choice !== undefined && { tool_choice: choice }),
      ...(parallel !== undefined && { parallel_tool_calls: parallel }),
    }),
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
  };
}

function sentTool({ type, function: spec }: Tool): JsonObject {
  return { type, function: { ...spec, parameters: toolSchema(spec.parameters) } };
}

/** The messages as the format has them: what only other formats know is left out. */
function sentMessages(messages: readonly Message[], model: Model): JsonObject[] {
  // DeepSeek and Qwen want what they thought back while they use tools, and refuse or forget it after that.
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  const sent: JsonObject[] = [];
  let images: ContentPart[] = [];
  for (const [at, message] of messages.entries()) {
    if (message.role !== 'tool' && images.length > 0) {
      sent.push(ofTools(images));
      images = [];
    }
    if (message.role === 'tool') {
      const split = splitImages(message, model);
      sent.push(split.message);
      images.push(...split.images);
    } else sent.push(sentMessage(message, at > lastUser, model));
  }
  if (images.length > 0) sent.push(ofTools(images));
  return sent;
}

function sentMessage(message: Exclude<Message, ToolMessage>, inLoop: boolean, model: Model): JsonObject {
  if (message.role === 'assistant') {
    const { thinking_blocks: _, reasoning_content: reasoning, reasoning_details: details, ...rest } = message;
    if (!inLoop) return { ...rest, ...(rest.tool_calls && { tool_calls: rest.tool_calls.map(plainCall) }) };
    return {
      ...rest,
      ...(reasoning !== undefined && { reasoning_content: reasoning }),
      ...(details !== undefined && { reasoning_details: details }),
    };
  }
  return { ...message, content: sentContent(message.content, model) };
}

function plainCall({ id, type, function: spec }: ToolCall): ToolCall {
  return { id, type, function: spec };
}

function sentContent(content: string | ContentPart[], model: Model): string | ContentPart[] {
  return model.abilities?.images === false ? withoutImages(content) : content;
}

/** The format knows only text in what a tool answers: its images follow as a message of the user. */
function splitImages(message: ToolMessage, model: Model): { message: JsonObject; images: ContentPart[] } {
  const { role, tool_call_id: id, content } = message;
  if (typeof content === 'string') return { message: { role, tool_call_id: id, content }, images: [] };
  const parts = sentContent(content, model);
  const given = typeof parts === 'string' ? [] : parts;
  const images = given.filter((part) => part.type === 'image_url');
  const texts = given.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (images.length > 0) texts.push(images.length === 1 ? '[An image follows.]' : `[${images.length} images follow.]`);
  return { message: { role, tool_call_id: id, content: texts.join('\n') }, images };
}

function ofTools(images: ContentPart[]): JsonObject {
  return { role: 'user', content: [{ type: 'text', text: 'Images of the results above:' }, ...images] };
}
