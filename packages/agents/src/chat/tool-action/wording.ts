import { parseObject } from '../../providers/json.ts';
import { wholeCalls } from '../../providers/messages.ts';
import type { AssistantMessage, ContentPart, Message, Tool, ToolCall, ToolMessage, UserMessage } from '../../types.ts';
import { encodeMarkup, encodeText } from '../markup.ts';
import { unreadBody } from './action.ts';
import { toolPrompt } from './prompt.ts';

/** Characters of one result that the model is sent. */
const mostOutput = 8000;

/** Messages as a model without function calling is sent them: calls are written out, and their results said by the user. */
export function inWords(messages: readonly Message[], tools: readonly Tool[]): Message[] {
  const worded: Message[] = [];
  const names = new Map<string, string>();
  let results: ToolMessage[] = [];
  function close() {
    if (results.length > 0) worded.push(feedback(results, names));
    results = [];
  }
  for (const message of wholeCalls(messages)) {
    if (message.role === 'tool') {
      results.push(message);
      continue;
    }
    close();
    if (message.role === 'assistant') {
      for (const { id, function: spec } of message.tool_calls ?? []) names.set(id, spec.name);
      worded.push(answerOf(message));
    } else worded.push(message);
  }
  close();
  return tools.length === 0 ? worded : withPrompt(worded, toolPrompt(tools));
}

function withPrompt([first, ...others]: readonly Message[], prompt: string): Message[] {
  if (first?.role !== 'system' && first?.role !== 'developer') {
    return [{ role: 'system', content: prompt }, ...(first === undefined ? [] : [first]), ...others];
  }
  const { content } = first;
  const said =
    typeof content === 'string' ? `${content}\n\n${prompt}` : [...content, { type: 'text' as const, text: prompt }];
  return [{ ...first, content: said }, ...others];
}

function answerOf({ tool_calls: calls = [], ...message }: AssistantMessage): AssistantMessage {
  if (calls.length === 0) return message;
  return {
    ...message,
    content: [message.content ?? '', ...calls.map(actionOf)].filter((text) => text !== '').join('\n'),
  };
}

function actionOf({ function: { name, arguments: text } }: ToolCall): string {
  const body = bodyOf(text);
  const head = `<tool_action name="${encodeMarkup(name)}"`;
  return body === '' ? `${head} />` : `${head}>\n${body}\n</tool_action>`;
}

/** Possible names of elements: other characters would prevent reading it again. */
const elementName = /^[^\s/=<>"'!?]+$/;

function bodyOf(text: string): string {
  const parsed = parseObject(text.trim() === '' ? '{}' : text);
  if (!parsed.ok) return unreadBody(text);
  const given = Object.entries(parsed.value);
  if (!given.every(([name]) => elementName.test(name)))
    return JSON.stringify(parsed.value).replaceAll('<', String.raw`\u003c`);
  return given
    .map(
      ([name, value]) =>
        `<${name} value="${encodeMarkup(typeof value === 'string' ? value : JSON.stringify(value))}" />`,
    )
    .join('\n');
}

function feedback(results: readonly ToolMessage[], names: ReadonlyMap<string, string>): UserMessage {
  const outputs = results.map(({ tool_call_id: id, content, is_error: failed }) => {
    const head = `name="${encodeMarkup(names.get(id) ?? '')}" status="${failed === true ? 'error' : 'success'}"`;
    return `<tool_output ${head}>\n${encodeText(cut(textOf(content)))}\n</tool_output>`;
  });
  const text = ['[SYSTEM_FEEDBACK]', ...outputs].join('\n');
  const images = results.flatMap(({ content }) => (typeof content === 'string' ? [] : content.filter(isImage)));
  return { role: 'user', content: images.length === 0 ? text : [{ type: 'text', text }, ...images] };
}

function isImage(part: ContentPart): boolean {
  return part.type === 'image_url';
}

function textOf(content: ToolMessage['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '[An image follows.]')).join('\n');
}

function cut(text: string): string {
  if (text.length <= mostOutput) return text;
  return `${text.slice(0, mostOutput).toWellFormed()}\n[The rest is left out: ${text.length} characters in all.]`;
}
