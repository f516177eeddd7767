import { parseObject } from '../providers/json.ts';
import type { Message, Tool, ToolChoice, ToolMessage } from '../types.ts';
import { draftOf } from './drafts.ts';

/** The answer of the demo model: text, and at most a few calls. */
export interface DemoAnswer {
  text: string;
  calls: { name: string; arguments: string }[];
}

/** Characters of a result that a summary quotes. */
const quoted = 400;
const mostListed = 50;
const transfer = 'transfer_to_';

/** Answers by rules alone: the last message and the tools that are offered decide. */
export function answerOf(messages: readonly Message[], tools: readonly Tool[], choice: ToolChoice): DemoAnswer {
  const results = lastResults(messages);
  if (results.length > 0) return say(summary(results, messages));
  const asked = lastText(messages);
  const title = titleOf(asked, messages);
  if (title !== null) return say(title);
  const draft = draftOf(messages[0]?.role === 'system' ? textOf(messages[0].content) : '');
  if (draft !== null) return say(draft);
  const offered = choice === 'none' ? [] : tools;
  const named = callIn(asked, offered);
  if (named !== null) return named;
  const next = handOff(asked, messages, offered);
  if (next !== null) return next;
  if (/\b(?:tools?|functions?|can you do)\b|工具/i.test(asked.slice(-4000))) return say(listOf(offered));
  const forced = forcedCall(offered, choice);
  return forced ?? say(greeting(asked, offered));
}

function say(text: string): DemoAnswer {
  return { text, calls: [] };
}

const titleLength = 30;

/** A title for who asks for one (`chat/title.ts`): what the person said first. */
function titleOf(asked: string, messages: readonly Message[]): string | null {
  const [system] = messages;
  if (system?.role !== 'system' || !textOf(system.content).includes('<title>') || !asked.startsWith('User:\n'))
    return null;
  const first = asked.slice('User:\n'.length).split('\n', 1)[0] ?? '';
  return `<title>${Array.from(first.trim()).slice(0, titleLength).join('')}</title>`;
}

/** The results of the calls that were made last, when nobody said anything since. */
function lastResults(messages: readonly Message[]): ToolMessage[] {
  const from = messages.findLastIndex(({ role }) => role !== 'tool') + 1;
  return messages.slice(from).filter((message) => message.role === 'tool');
}

function lastText(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last === undefined ? '' : textOf(last.content);
}

function textOf(content: Message['content']): string {
  if (content === null || typeof content === 'string') return content ?? '';
  return content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');
}

/** `call <tool> {json}` at the start of a line; the arguments may continue in the following lines. */
const callPattern = /^[ \t]*call[ \t]+(\S{1,200})/im;

function callIn(text: string, tools: readonly Tool[]): DemoAnswer | null {
  const found = callPattern.exec(text);
  if (found === null) return null;
  const name = found[1] ?? '';
  if (!tools.some((tool) => tool.function.name === name)) {
    return say(`I am a scripted demo model and have no tool "${name}". ${listOf(tools)}`);
  }
  const rest = text.slice(found.index + found[0].length);
  const given = rest.slice(0, rest.lastIndexOf('}') + 1).trim();
  const parsed = parseObject(given === '' ? '{}' : given);
  if (!parsed.ok) return say(`The arguments of "${name}" have to be a JSON object: call ${name} {"key": "value"}.`);
  return { text: `I call ${name}.`, calls: [{ name, arguments: JSON.stringify(parsed.value) }] };
}

const handing = 'I hand over to';

/**
 * Hands over to the named node; where there is only one, once in a conversation, so that two do not continue for ever.
 */
function handOff(text: string, messages: readonly Message[], tools: readonly Tool[]): DemoAnswer | null {
  const ways = tools.filter(({ function: { name } }) => name.startsWith(transfer));
  const lower = text.toLowerCase();
  const named = ways.find(({ function: { name } }) => lower.includes(name.slice(transfer.length).toLowerCase()));
  const mayGuess = ways.length === 1 && !messages.some(({ content }) => textOf(content).includes(handing));
  const chosen = named ?? (mayGuess ? ways[0] : undefined);
  if (chosen === undefined) return null;
  const { name } = chosen.function;
  return { text: `${handing} ${name.slice(transfer.length)}.`, calls: [{ name, arguments: '{}' }] };
}

function forcedCall(tools: readonly Tool[], choice: ToolChoice): DemoAnswer | null {
  if (typeof choice === 'string' && choice !== 'required') return null;
  const name = typeof choice === 'string' ? tools[0]?.function.name : choice.function.name;
  return name === undefined ? null : { text: '', calls: [{ name, arguments: '{}' }] };
}

function summary(results: readonly ToolMessage[], messages: readonly Message[]): string {
  const names = new Map(
    messages.flatMap((message) =>
      message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id, function: { name } }) => [id, name]) : [],
    ),
  );
  const lines = results.map(({ tool_call_id: id, content, is_error: failed }) => {
    const text = textOf(content).trim();
    const shown = text.length > quoted ? `${text.slice(0, quoted).toWellFormed()}…` : text;
    const what = failed === true ? 'failed' : 'answered';
    return `- ${names.get(id) ?? 'A tool'} ${what} (${text.length} characters): ${shown}`;
  });
  return `This is what came back:\n${lines.join('\n')}`;
}

function listOf(tools: readonly Tool[]): string {
  if (tools.length === 0) return 'I have no tools here.';
  const lines = tools
    .slice(0, mostListed)
    .map(
      ({ function: { name, description = '' } }) =>
        `- ${name}${description === '' ? '' : `: ${firstLine(description)}`}`,
    );
  const more = tools.length > mostListed ? `\n… and ${tools.length - mostListed} more.` : '';
  return `I have these tools:\n${lines.join('\n')}${more}\n\nWrite: call <tool> {"argument": "value"}`;
}

function firstLine(text: string): string {
  return (text.slice(0, 120).split('\n')[0] ?? '').trim();
}

function greeting(asked: string, tools: readonly Tool[]): string {
  const heard = asked.trim() === '' ? '' : ` You wrote ${asked.length} characters.`;
  const how =
    tools.length === 0
      ? 'No tools are chosen for this conversation.'
      : `I have ${tools.length} tools: ask for "tools" to see them, or write: call <tool> {"argument": "value"}`;
  return `I am the demo model: a script, no artificial intelligence. I need no key and no network.${heard} ${how}`;
}
