import { runLoop } from '../chat/loop.ts';
import type { LoopEvent } from '../chat/types.ts';
import type { Message, ToolMessage } from '../types.ts';
import type { Course, Finished } from './course.ts';
import { withHandoffs, type HandoffTools } from './handoffs.ts';
import { promptOf } from './prompts.ts';
import { NodeWaits, type At, type GraphEvent, type GraphPorts, type GraphRunInput, type NodeVisit } from './types.ts';

function textOf({ content }: Pick<Message, 'content'>): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** What a node says: its last answer, or what its tools gave. */
function outputOf({ node }: At, messages: readonly Message[], tools: HandoffTools): string {
  if (node.output_enabled) {
    const answer = messages.findLast((message) => message.role === 'assistant');
    return answer ? textOf(answer) : '';
  }
  const results = new Map(
    messages.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id, message] as const] : [])),
  );
  // In the order of the calls: when each came depends on the tools.
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
  return calls
    .filter(({ function: { name } }) => !tools.isHandoff(name))
    .flatMap(({ id }): ToolMessage | [] => results.get(id) ?? [])
    .map(textOf)
    .join('\n\n');
}

function isAnswered(messages: readonly Message[]): boolean {
  const last = messages.at(-1);
  return last?.role === 'assistant' && (last.tool_calls ?? []).length === 0;
}

function withEvent(messages: readonly Message[], event: LoopEvent): readonly Message[] {
  if (event.type === 'answer') return [...messages, event.answer.message];
  return event.type === 'result' ? [...messages, event.message] : messages;
}

/** A person stands in the place of a model: the prompt is the question. */
async function* askPerson(
  at: At,
  messages: readonly Message[],
  course: Course,
  ports: GraphPorts,
): AsyncGenerator<GraphEvent, Finished> {
  const { node, visit } = at;
  const place = { node: node.name, visit };
  const asked = messages.findLast(({ role }) => role === 'user');
  const targets = course.handoffsLeft(node.name) > 0 ? node.output_nodes.filter((name) => name !== 'end') : [];
  const question = { ask: node.ask ?? 'answer', text: asked ? textOf(asked) : '', targets };
  const answer = await ports.answer(at, question);
  if (!answer) {
    yield { type: 'node_waits', ...place, question };
    throw new NodeWaits();
  }
  const { output, handoff } = answer;
  yield { type: 'node_end', ...place, output, ...(handoff !== null && { handoff }) };
  return { output, handoff };
}

/** Visits a node, or goes on with a visit that had begun. */
export async function* visitNode(
  at: At,
  before: NodeVisit | undefined,
  course: Course,
  { graph, ports, signal, mostTurns = 10 }: GraphRunInput,
): AsyncGenerator<GraphEvent, Finished> {
  const { node, visit } = at;
  const place = { node: node.name, visit };
  try {
    const byName = new Map(graph.nodes.map((each) => [each.name, each]));
    let messages: readonly Message[] =
      before?.messages ?? (await promptOf(node, course, (name) => byName.has(name), ports.file));
    yield { type: 'node_start', ...place, level: node.level, messages: [...messages] };
    if (node.kind === 'human') return yield* askPerson(at, messages, course, ports);
    const left = course.handoffsLeft(node.name);
    const tools = withHandoffs(await ports.tools(at), node, left, (name) => byName.get(name)?.description ?? '');
    let choice = tools.chosenIn(messages);
    if (choice === null && !isAnswered(messages)) {
      const turns = messages.filter(({ role }) => role === 'assistant').length;
      const loop = runLoop({
        messages,
        takeTurn: (...asked) => ports.takeTurn(at, ...asked),
        tools,
        signal,
        protocol: await ports.protocol(at),
        mostTurns,
        firstTurn: turns + 1,
      });
      try {
        for (;;) {
          const { done, value } = await loop.next();
          if (done) break;
          if (value.type === 'turn') {
            choice = tools.chosenIn(messages);
            if (choice !== null) break;
          }
          messages = withEvent(messages, value);
          yield { type: 'loop', ...place, event: value };
        }
      } finally {
        await loop.return({ reason: 'stop', turns: 0, messages: [] });
      }
      choice ??= tools.chosenIn(messages);
    }
    if (choice) yield { type: 'handoff', ...place, ...choice };
    const output = outputOf(at, messages, tools);
    yield { type: 'node_end', ...place, output };
    return { output, handoff: choice?.to ?? null };
  } catch (error) {
    if (!signal.aborted && !(error instanceof NodeWaits)) yield { type: 'node_failed', ...place, error };
    throw error;
  }
}
