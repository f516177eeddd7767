import type { ToolCall } from '@switchboard/agents';
import type { ToolOutcome } from '@switchboard/agents/chat';
import type { AgentStepRow } from '../journal/rows.ts';
import type { AnswerOutput, ResultOutput } from './messages.ts';
import type { CallDetail } from './schema.ts';
import type { OpenedTool } from './tools.ts';

/** In the place of a result of a call that may have been made, where nobody says that it is to be made again. */
export const notMadeAgain: ToolOutcome = {
  content: 'The answer of this call was lost, and nobody knows whether it was made. It is not made again.',
  isError: true,
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, entry]) => [name, sorted(entry)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same for calls of the same tool with the same arguments, in any order of the keys. */
function sameOf({ name, arguments: text }: ToolCall['function']): string {
  try {
    return `${name} ${JSON.stringify(sorted(JSON.parse(text)))}`;
  } catch {
    return `${name} ${text.trim()}`;
  }
}

/** Calls whose answers were lost, of tools that may not be called twice. */
export interface LostCalls {
  has(call: ToolCall): boolean;
  note(call: ToolCall, tool: Pick<OpenedTool, 'repeatable'>, detail: CallDetail | undefined): void;
}

/** `steps`: those that an earlier hub stored. */
export function createLostCalls(steps: readonly AgentStepRow[] = []): LostCalls {
  const lost = new Set<string>();
  const made = new Map<string, ToolCall>();
  for (const { kind, state, output } of steps) {
    if (output === null) continue;
    if (kind === 'turn') {
      const { message, turn } = output as unknown as AnswerOutput;
      for (const call of message.tool_calls ?? []) made.set(`${turn} ${call.id}`, call);
    }
    if (kind !== 'tool' || state !== 'done') continue;
    const { message, turn, detail } = output as unknown as ResultOutput;
    const call = made.get(`${turn} ${message.tool_call_id}`);
    if (call && detail?.isLost === true) lost.add(sameOf(call.function));
  }
  return {
    has: (call) => lost.has(sameOf(call.function)),
    note(call, { repeatable }, detail) {
      if (detail?.isLost === true && !repeatable) lost.add(sameOf(call.function));
      else if (lost.size > 0) lost.delete(sameOf(call.function));
    },
  };
}
