import { parseObject } from '../providers/json.ts';
import type { AssistantMessage, JsonObject, Message, Tool, ToolCall, ToolMessage } from '../types.ts';

/** Calls of one turn that are carried out. */
const mostCalls = 64;
/** Characters of the arguments of one call: a whole file may be among them. */
const mostArguments = 1024 * 1024;
const mostNamesTold = 30;
const nameShown = 100;

/** A call that can be carried out, or what the model is told instead. */
export type CheckedCall =
  | { call: ToolCall; args: JsonObject; refusal: null }
  /** `wrong` where the model could have known. */
  | { call: ToolCall; refusal: string; wrong: boolean };

/** Looks at what a model asks for: any text may stand in it. */
export function checkCalls(calls: readonly ToolCall[], tools: readonly Tool[]): CheckedCall[] {
  const names = new Set(tools.map(({ function: { name } }) => name));
  return calls.map((call, at) => {
    if (at < mostCalls) return checkCall(call, names);
    return { call, refusal: `The call was not made: a turn has at most ${mostCalls} calls.`, wrong: false };
  });
}

function checkCall(call: ToolCall, names: ReadonlySet<string>): CheckedCall {
  const { name, arguments: text } = call.function;
  if (!names.has(name)) return { call, refusal: unknown(name, names), wrong: true };
  if (text.length > mostArguments) {
    const refusal = `The call was not made: its arguments have more than ${mostArguments} characters.`;
    return { call, refusal, wrong: true };
  }
  // Models write nothing where a tool takes nothing.
  const parsed = parseObject(text.trim() === '' ? '{}' : text);
  if (parsed.ok) return { call, args: parsed.value, refusal: null };
  const refusal = `The call was not made: the text of its arguments ${parsed.why}. They have to be one JSON object.`;
  return { call, refusal, wrong: true };
}

function unknown(name: string, names: ReadonlySet<string>): string {
  const asked = JSON.stringify(name.slice(0, nameShown).toWellFormed());
  if (names.size === 0) return `There is no tool ${asked}, and no other one either.`;
  const told = [...names].slice(0, mostNamesTold).join(', ');
  return `There is no tool ${asked}. There are: ${told}${names.size > mostNamesTold ? ' and others' : ''}.`;
}

/** The same calls, none of which is carried out. */
export function refuseAll(calls: readonly ToolCall[], refusal: string): CheckedCall[] {
  return calls.map((call) => ({ call, refusal, wrong: false }));
}

export function isWrong(checked: readonly CheckedCall[]): boolean {
  return checked.some((each) => each.refusal !== null && each.wrong);
}

/** How many turns since the user's last message asked for what cannot be called. */
export function wrongTurns(messages: readonly Message[], tools: readonly Tool[]): number {
  const from = messages.findLastIndex(({ role }) => role === 'user') + 1;
  return messages.slice(from).filter((message) => isWrong(checkCalls(callsOf(message), tools))).length;
}

function callsOf(message: Message): readonly ToolCall[] {
  return message.role === 'assistant' ? (message.tool_calls ?? []) : [];
}

/** The answer at the end of messages, with the results behind it that are there. */
export interface LastAnswer {
  calls: readonly ToolCall[];
  results: ToolMessage[];
}

/** The last answer of a model, where nothing but results follows it. */
export function lastAnswer(messages: readonly Message[]): LastAnswer {
  const at = messages.findLastIndex(({ role }) => role !== 'tool');
  const last = messages[at];
  const results = messages.slice(at + 1).filter((message) => message.role === 'tool');
  return { calls: last === undefined ? [] : callsOf(last), results };
}

/** Calls that have no result yet. */
export function openCalls({ calls, results }: LastAnswer): ToolCall[] {
  const done = new Set(results.map(({ tool_call_id: id }) => id));
  return calls.filter(({ id }) => !done.has(id));
}

/** Results in the order of their calls. */
export function inOrder(calls: readonly ToolCall[], results: readonly ToolMessage[]): ToolMessage[] {
  const places = new Map(calls.map(({ id }, at) => [id, at]));
  function placeOf({ tool_call_id: id }: ToolMessage) {
    return places.get(id) ?? calls.length;
  }
  return [...results].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Ids of all calls in these messages. */
export function callIds(messages: readonly Message[]): Set<string> {
  return new Set(messages.flatMap((message) => callsOf(message).map(({ id }) => id)));
}

/** An answer with the calls it asks for, and no field for them where it asks for none. */
export function withCalls(message: AssistantMessage, calls: readonly ToolCall[]): AssistantMessage {
  const { tool_calls: _, ...said } = message;
  return calls.length === 0 ? said : { ...said, tool_calls: [...calls] };
}
