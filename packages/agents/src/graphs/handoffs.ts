import type { ToolOutcome, ToolsPort } from '../chat/types.ts';
import { nameTools } from '../providers/tool-names.ts';
import type { AssistantMessage, Message, ToolCall, ToolMessage } from '../types.ts';
import type { FlatNode } from './schema.ts';

/** A hand-off that was chosen, with the call that chose it and its result. */
export interface Choice {
  to: string;
  call: ToolCall;
  message: ToolMessage;
}

/** The tools of a node with the hand-offs that it may make. */
export interface HandoffTools extends ToolsPort {
  /** The first choice that has a result, where every call of its turn has one; null for none. */
  chosenIn(messages: readonly Message[]): Choice | null;
  isHandoff(name: string): boolean;
}

/** Adds a function for each node that this one leads to, as long as it may hand over. */
export function withHandoffs(
  tools: ToolsPort,
  node: FlatNode,
  left: number,
  describe: (name: string) => string,
): HandoffTools {
  const targets = left > 0 ? node.output_nodes.filter((name) => name !== 'end') : [];
  const own = tools.tools.map(({ function: { name } }) => name);
  const given = nameTools([...own, ...targets.map((name) => `transfer_to_${name}`)]).slice(own.length);
  const targetOf = new Map(given.map((name, at) => [name, targets[at] ?? '']));
  const offered = given.map((name, at) => ({
    type: 'function' as const,
    function: {
      name,
      description: `Hand over to '${targets[at] ?? ''}'. ${describe(targets[at] ?? '')}`.trimEnd(),
      parameters: { type: 'object', properties: {} },
    },
  }));

  function call(...[asked, args, signal]: Parameters<ToolsPort['call']>): Promise<ToolOutcome> {
    const to = targetOf.get(asked.function.name);
    if (to === undefined) return tools.call(asked, args, signal);
    return Promise.resolve({ content: `Selected: ${to}`, isError: false });
  }

  return {
    tools: [...tools.tools, ...offered],
    call,
    isHandoff: (name) => targetOf.has(name),
    chosenIn(messages) {
      const from = messages.findLastIndex(({ role }) => role === 'assistant');
      const answer = messages[from] as AssistantMessage | undefined;
      const calls = answer?.tool_calls ?? [];
      const results = new Map<string, ToolMessage>();
      for (const message of messages.slice(from + 1)) {
        if (message.role === 'tool') results.set(message.tool_call_id, message);
      }
      if (!calls.every(({ id }) => results.has(id))) return null;
      for (const one of calls) {
        const to = targetOf.get(one.function.name);
        const message = results.get(one.id);
        if (to !== undefined && message?.is_error !== true && message) return { to, call: one, message };
      }
      return null;
    },
  };
}
