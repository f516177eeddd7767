import { runLoop } from '../chat/loop.ts';
import type { LoopEvent } from '../chat/types.ts';
import type { JsonObject, Message, ToolMessage } from '../types.ts';
import type { VisitContext, ActiveRun } from './active-run.ts';
import { withHandoffs, type HandoffTools } from './handoffs.ts';
import { textOf } from './messages.ts';
import type { Finished } from './run-progress.ts';
import { answersIn, readStructured, schemaOf, withRepairs } from './structured.ts';
import { NodeError, type VisitedNode, type GraphEvent } from './types.ts';

/** The number of answers that do not fit and are asked for again, besides the node's own attempts. */
const usualRepairs = 1;

/** The output of a node: its last answer, or the results of its tools. */
function outputOf({ node }: VisitedNode, messages: readonly Message[], tools: HandoffTools): string {
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

/** The messages of a visit, and the rights of its model. */
export interface VisitMessages {
  at: VisitedNode;
  place: VisitContext;
  running: ActiveRun;
  /** Grows: what a try left is what the next one begins with. */
  messages: readonly Message[];
}

interface TurnRequest {
  tools: HandoffTools;
  schema: JsonObject | null;
  signal: AbortSignal;
  /** Turns of the visit, those for repairs included. */
  mostTurns: number;
}

/** Takes turns until the model is done, or chose a hand-off. */
async function* talk(
  told: VisitMessages,
  { tools, schema, signal, mostTurns }: TurnRequest,
): AsyncGenerator<GraphEvent> {
  const { at, running } = told;
  const place = { node: at.name, visit: at.visit };
  const turns = told.messages.filter(({ role }) => role === 'assistant').length;
  const loop = runLoop({
    messages: schema ? withRepairs(schema, told.messages) : told.messages,
    takeTurn: (...asked) => running.ports.takeTurn(at, ...asked),
    tools,
    signal,
    protocol: await running.ports.protocol(at),
    mostTurns,
    firstTurn: turns + 1,
  });
  try {
    for (;;) {
      const { done, value } = await loop.next();
      if (done) return;
      if (value.type === 'turn' && tools.chosenIn(told.messages) !== null) return;
      told.messages = withEvent(told.messages, value);
      yield { type: 'loop', ...place, event: value };
    }
  } finally {
    await loop.return({ reason: 'stop', turns: 0, messages: [] });
  }
}

/** The earlier answers of a visit, where they count towards its limit: a resumed visit has as many again. */
export function answersBefore({ at: { node }, messages }: VisitMessages): number {
  const answers = answersIn(messages);
  return answers > usualRepairs + (node.attempts?.retries ?? 0) ? answers : 0;
}

/** A model speaks for the node. `before`: answers that do not count. */
export async function* speak(
  told: VisitMessages,
  before: number,
  signal: AbortSignal,
  attempt: number,
): AsyncGenerator<GraphEvent, Finished> {
  const { at, running } = told;
  const { node } = at;
  const { byName, course } = told.place;
  const left = course.handoffsLeft(node.name);
  const tools = withHandoffs(await running.ports.tools(at), node, left, (name) => byName.get(name)?.description ?? '');
  const schema = node.output_enabled ? schemaOf(node) : null;
  const asked = {
    tools,
    schema,
    signal,
    mostTurns: running.mostTurns + (schema ? before + usualRepairs + attempt : 0),
  };
  let output = '';
  for (;;) {
    if (tools.chosenIn(told.messages) === null && !isAnswered(told.messages)) yield* talk(told, asked);
    output = outputOf(at, told.messages, tools);
    if (!schema || tools.chosenIn(told.messages) !== null) break;
    const read = readStructured(schema, output);
    if ('json' in read) {
      output = read.json;
      break;
    }
    const answers = answersIn(told.messages);
    const mayRepair = isAnswered(told.messages) && answers - before <= usualRepairs + attempt;
    if (mayRepair) yield* talk(told, asked);
    // No further turn is allowed: the code that tries again checks that.
    if (!mayRepair || answersIn(told.messages) === answers)
      throw new NodeError({ code: 'unfit', problem: read.problem });
  }
  const choice = tools.chosenIn(told.messages);
  const place = { node: at.name, visit: at.visit };
  if (choice) yield { type: 'handoff', ...place, ...choice };
  return { output, handoff: choice?.to ?? null };
}
