import { fittingName } from '@switchboard/mcp-runtime/rules';
import type { AssistantMessage, ContentPart, JsonObject, Message, Model, ToolMessage } from '../../types.ts';
import { parseObject } from '../json.ts';
import { imageLeftOut } from '../messages.ts';

interface Turn {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

/** Messages as the format has them: the system apart, one message where several of a side follow each other. */
export function splitMessages(messages: readonly Message[], model: Model): { system: JsonObject[]; messages: Turn[] } {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  function add(role: Turn['role'], content: JsonObject[]) {
    const last = turns.at(-1);
    if (content.length === 0) return;
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  for (const [at, message] of messages.entries()) {
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...blocksOf(message.content, model).filter(({ type }) => type === 'text'));
        break;
      case 'user':
        add('user', orSomething(blocksOf(message.content, model)));
        break;
      case 'assistant':
        add('assistant', assistantBlocks(message, at > lastUser));
        break;
      case 'tool':
        add('user', [resultBlock(message, model)]);
    }
  }
  // The first message has to be the user's, whoever wrote it.
  if (turns[0]?.role !== 'user') turns.unshift({ role: 'user', content: orSomething([]) });
  trimEnd(turns.at(-1));
  return { system, messages: turns };
}

function orSomething(blocks: JsonObject[]): JsonObject[] {
  return blocks.length > 0 ? blocks : [{ type: 'text', text: '(nothing)' }];
}

/** A message that the model continues may not end in white space. */
function trimEnd(turn: Turn | undefined): void {
  const last = turn?.content.at(-1);
  if (turn?.role === 'assistant' && typeof last?.['text'] === 'string') last['text'] = last['text'].trimEnd();
}

/** Blocks without text are refused. */
function textBlocks(text: string): JsonObject[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function blocksOf(content: string | ContentPart[], model: Model): JsonObject[] {
  if (typeof content === 'string') return textBlocks(content);
  return content.flatMap((part) =>
    part.type === 'text' ? textBlocks(part.text) : [imageBlock(part.image_url.url, model)],
  );
}

const dataUrl = /^data:(image\/(?:jpeg|png|gif|webp));base64,/;

function imageBlock(url: string, model: Model): JsonObject {
  if (model.abilities?.images === false) return { type: 'text', text: imageLeftOut };
  // The type is at the start of a text that may be long.
  const type = dataUrl.exec(url.slice(0, 40));
  if (type !== null) {
    return { type: 'image', source: { type: 'base64', media_type: type[1], data: url.slice(type[0].length) } };
  }
  if (url.startsWith('https://')) return { type: 'image', source: { type: 'url', url } };
  return { type: 'text', text: '[An image is left out: it is no JPEG, PNG, GIF or WebP.]' };
}

function assistantBlocks(message: AssistantMessage, inLoop: boolean): JsonObject[] {
  const calls = message.tool_calls ?? [];
  // The provider wants its thoughts back while tools are used, with their signatures and before all else.
  const thoughts = inLoop && calls.length > 0 ? (message.thinking_blocks ?? []) : [];
  return [
    ...thoughts.map((block) => ({ ...block })),
    ...textBlocks(message.content ?? message.refusal ?? ''),
    ...calls.map(({ id, function: { name, arguments: text } }) => ({
      type: 'tool_use',
      id: callId(id),
      name,
      input: inputOf(text),
    })),
  ];
}

/** Other providers have dots and colons in their ids. */
function callId(id: string): string {
  return fittingName(id, id);
}

/** The format has an object where the other has a text, which may be anything. */
function inputOf(text: string): JsonObject {
  if (text.trim() === '') return {};
  const parsed = parseObject(text);
  return parsed.ok ? parsed.value : { arguments: text };
}

function resultBlock({ tool_call_id: id, content, is_error: failed }: ToolMessage, model: Model): JsonObject {
  const blocks = blocksOf(content, model);
  return {
    type: 'tool_result',
    tool_use_id: callId(id),
    ...(blocks.length > 0 && { content: blocks }),
    ...(failed === true && { is_error: true }),
  };
}
