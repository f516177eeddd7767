import type { Chunk, JsonObject, Message, Tool } from '../types.ts';
import { flattenGraph } from './flatten.ts';
import { runGraph } from './run.ts';
import { graphConfig, type FlatGraph, type Graph } from './schema.ts';
import type { GraphEvent, GraphPorts, GraphResult, NodeVisit } from './types.ts';

/** A graph of nodes that one model speaks for. */
export function graphOf(name: string, nodes: object[], more: object = {}): Graph {
  return graphConfig.parse({ name, nodes: nodes.map((node) => ({ model_name: 'm', ...node })), ...more });
}
/** The graph with its sub-graphs in it. */
export function flat(graph: Graph, ...others: Graph[]): FlatGraph {
  return flattenGraph(graph, { subgraph: (name) => others.find((each) => each.name === name) });
}

/** The answer of a scripted model: a function of its input, so that the same run gives the same. */
export type ScriptedAnswer = (
  node: string,
  messages: readonly Message[],
  tools: readonly Tool[],
) => string | { call: string };

/** Messages as one text. */
export function textOf(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `${role}:${typeof content === 'string' ? content : ''}`).join('|');
}

/** Scripted models, and the number of their turns. */
export function portsOf(
  say: ScriptedAnswer,
  wait: () => Promise<void> = () => Promise.resolve(),
): GraphPorts & { turns: number } {
  const ports: GraphPorts & { turns: number } = {
    turns: 0,
    async *takeTurn({ node }, messages, tools, _signal, turn): AsyncGenerator<Chunk> {
      ports.turns += 1;
      await wait();
      const said = say(node.name, messages, tools);
      const delta =
        typeof said === 'string'
          ? { content: said }
          : {
              tool_calls: [
                { index: 0, id: `c${turn}`, type: 'function', function: { name: said.call, arguments: '{}' } },
              ],
            };
      const head = { id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm' };
      const finish = typeof said === 'string' ? 'stop' : 'tool_calls';
      yield { ...head, choices: [{ index: 0, delta, finish_reason: finish }] } as unknown as Chunk;
    },
    tools: () => Promise.resolve({ tools: [], call: () => Promise.resolve({ content: 'none', isError: true }) }),
    protocol: () => Promise.resolve('native'),
    file: (name) => Promise.resolve(name === 'help.md' ? 'HELP' : null),
    answer: () => Promise.resolve(null),
  };
  return ports;
}

/** Keeps what a hub would: visits with their messages. */
export function keep(past: Map<string, NodeVisit>, event: GraphEvent): void {
  const key = `${event.node}/${event.visit}`;
  const known = past.get(key);
  if (event.type === 'node_start') {
    const { node, visit, level, messages } = event;
    past.set(key, known ?? { node, visit, level, messages, done: false });
    return;
  }
  // Its prompt may be what fails.
  if (event.type === 'node_failed' || event.type === 'node_waits') return;
  if (!known) throw new Error('It was not begun.');
  if (event.type === 'loop' && event.event.type === 'answer') {
    past.set(key, { ...known, messages: [...known.messages, event.event.answer.message] });
  } else if (event.type === 'loop' && event.event.type === 'result') {
    past.set(key, { ...known, messages: [...known.messages, event.event.message] });
  } else if (event.type === 'handoff') past.set(key, { ...known, handoff: event.to });
  else if (event.type === 'node_end') {
    const { output, handoff = known.handoff, branch, failed } = event;
    const more = { ...(handoff !== undefined && { handoff }), ...(branch && { branch }), ...(failed && { failed }) };
    past.set(key, { ...known, done: true, output, ...more });
  }
}

/** Runs a graph, up to a number of events, after the given visits; gives what a hub would have stored. */
export async function run(
  graph: FlatGraph,
  ports: GraphPorts,
  { past = [], most = Infinity, input = 'in' }: { past?: NodeVisit[]; most?: number; input?: string } = {},
): Promise<{ result: GraphResult | null; past: NodeVisit[]; events: number }> {
  const kept = new Map(past.map((visit) => [`${visit.node}/${visit.visit}`, visit]));
  const signal = new AbortController().signal;
  const events = runGraph({ graph, input, past, ports, signal });
  for (let count = 0; ; count += 1) {
    if (count >= most) {
      await events.return({ final_result: '', execution_chain: [], global_outputs: {}, handoffs_status: {} });
      return { result: null, past: [...kept.values()], events: count };
    }
    const { done, value } = await events.next();
    if (done) return { result: value, past: [...kept.values()], events: count };
    keep(kept, value);
  }
}

const talk: Tool = {
  type: 'function',
  function: {
    name: 'count',
    parameters: { type: 'object', properties: { n: { type: 'integer' }, text: { type: 'string' } } },
  },
};

/** Ports with a tool, which says what it was called with. */
export function withTool(say: ScriptedAnswer, call: (args: JsonObject) => string = (args) => JSON.stringify(args)) {
  const calls: JsonObject[] = [];
  const ports: GraphPorts & { turns: number } = portsOf(say);
  ports.tools = ({ node }) =>
    Promise.resolve({
      tools: node.kind === 'tool' ? [talk] : [],
      call(_call, args) {
        calls.push(args);
        try {
          return Promise.resolve({ content: call(args), isError: false });
        } catch (error) {
          return Promise.resolve({ content: (error as Error).message, isError: true });
        }
      },
    });
  return { ports, calls };
}
