import { parseObject } from '../providers/json.ts';
import type { AssistantMessage, JsonObject, Message, Tool, ToolCall, ToolMessage } from '../types.ts';

/** Calls of one turn that are carried out. */
const mostCalls = 64;
/** Characters of the arguments of one call: a whole file may be among them. */
const mostArguments = 1024 * 1024;
const mostNamesTold = 30;
const nameShown = 100;

/** A call that can be carried out, or the message for the model instead. */
export type CheckedCall = { call: ToolCall; args: JsonObject; refusal: null } | { call: ToolCall; refusal: string };

/** A protocol's own sentences about calls. */
export interface CallRules {
  /** How often the same call may be made until the user says something; null where there is no limit. */
  same: number | null;
  /** The rule for arguments, as a sentence. */
  asked: string;
}

/** Checks the calls of a model, turn by turn: they can contain any text. */
export interface CallChecker {
  check(calls: readonly ToolCall[]): CheckedCall[];
  /** How many turns asked for what cannot be called. */
  wrongTurns(): number;
}

export function createChecker(tools: readonly Tool[], { same, asked }: CallRules): CallChecker {
  const names = new Set(tools.map(({ function: { name } }) => name));
  const made = new Map<string, number>();
  let wrongTurns = 0;

  function checked(call: ToolCall): CheckedCall {
    const { name, arguments: text } = call.function;
    if (!names.has(name)) return { call, refusal: unknown(name, names) };
    if (text.length > mostArguments) return { call, refusal: notMade(`has more than ${mostArguments} characters`) };
    if (isRepeated(call))
      return { call, refusal: `The call was not made: the same one was made ${same} times already.` };
    // Models write nothing where a tool takes nothing.
    const parsed = parseObject(text.trim() === '' ? '{}' : text);
    return parsed.ok ? { call, args: parsed.value, refusal: null } : { call, refusal: notMade(parsed.why) };
  }
  function notMade(why: string) {
    return `The call was not made: the text of its arguments ${why}. ${asked}`;
  }
  function isRepeated({ function: { name, arguments: text } }: ToolCall): boolean {
    if (same === null) return false;
    const key = `${name} ${text}`;
    const times = (made.get(key) ?? 0) + 1;
    made.set(key, times);
    return times > same;
  }
  return {
    check(calls) {
      const first = calls.slice(0, mostCalls).map(checked);
      if (first.some(({ refusal }) => refusal !== null)) wrongTurns += 1;
      const refusal = `The call was not made: a turn has at most ${mostCalls} calls.`;
      return [...first, ...refuseAll(calls.slice(mostCalls), refusal)];
    },
    wrongTurns: () => wrongTurns,
  };
}

function unknown(name: string, names: ReadonlySet<string>): string {
  const asked = JSON.stringify(name.slice(0, nameShown).toWellFormed());
  if (names.size === 0) return `There is no tool ${asked}, and no other one either.`;
  const told = [...names].slice(0, mostNamesTold).join(', ');
  return `There is no tool ${asked}. There are: ${told}${names.size > mostNamesTold ? ' and others' : ''}.`;
}

/** The same calls, none of which is carried out. */
export function refuseAll(calls: readonly ToolCall[], refusal: string): CheckedCall[] {
  return calls.map((call) => ({ call, refusal }));
}

/** Looks at all calls since the user's last message; gives those of the last answer that have no result yet. */
export function openCalls(checker: CallChecker, messages: readonly Message[]): CheckedCall[] {
  const from = messages.findLastIndex(({ role }) => role === 'user') + 1;
  let last: CheckedCall[] = [];
  for (const message of messages.slice(from)) {
    if (message.role === 'assistant') last = checker.check(message.tool_calls ?? []);
    else last = message.role === 'tool' ? last.filter(({ call }) => call.id !== message.tool_call_id) : [];
  }
  return last;
}

/** Messages with these results behind the answer that asked for them, in the order of its calls. */
export function withResults(messages: readonly Message[], results: readonly ToolMessage[]): Message[] {
  const end = messages.findLastIndex(({ role }) => role !== 'tool') + 1;
  const known = messages.slice(end).filter((message) => message.role === 'tool');
  return [...messages.slice(0, end), ...inOrder(messages.slice(0, end), [...known, ...results])];
}

/** Results in the order of the calls of the last answer. */
export function inOrder(messages: readonly Message[], results: readonly ToolMessage[]): ToolMessage[] {
  const answer = messages.findLast((message) => message.role === 'assistant');
  const places = new Map((answer?.tool_calls ?? []).map(({ id }, at) => [id, at]));
  function placeOf({ tool_call_id: id }: ToolMessage) {
    return places.get(id) ?? places.size;
  }
  return [...results].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Ids of all calls in these messages. */
export function callIds(messages: readonly Message[]): Set<string> {
  return new Set(
    messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [])),
  );
}

/** An answer with the calls it asks for, and no field for them where it asks for none. */
export function withCalls(message: AssistantMessage, calls: readonly ToolCall[]): AssistantMessage {
  const { tool_calls: _, ...said } = message;
  return calls.length === 0 ? said : { ...said, tool_calls: [...calls] };
}
