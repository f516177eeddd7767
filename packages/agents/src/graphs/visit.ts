import type { Message } from '../types.ts';
import type { VisitContext, ActiveRun } from './active-run.ts';
import { answersBefore, speak, type VisitMessages } from './agent-node.ts';
import { isFinal, tried } from './attempts.ts';
import { holds, valueAt } from './conditions.ts';
import { forEach, itemsOf } from './each-node.ts';
import { textOf } from './messages.ts';
import { promptOf } from './prompts.ts';
import type { Finished } from './run-progress.ts';
import { callOf, failuresBefore, useTool } from './tool-node.ts';
import { NodeWaits, type VisitedNode, type GraphEvent, type NodeVisit } from './types.ts';
import { jsonWithin } from './values.ts';

const longestFailure = 2_000;

/** A person answers instead of a model: the prompt is the question. */
async function* askPerson({ at, place, running, messages }: VisitMessages): AsyncGenerator<GraphEvent, Finished> {
  const { node } = at;
  const { course } = place;
  const asked = messages.findLast(({ role }) => role === 'user');
  const targets = course.handoffsLeft(node.name) > 0 ? node.output_nodes.filter((name) => name !== 'end') : [];
  const question = { ask: node.ask ?? 'answer', text: asked ? textOf(asked) : '', targets };
  const answer = await running.ports.answer(at, question);
  if (!answer) {
    yield { type: 'node_waits', node: at.name, visit: at.visit, question };
    throw new NodeWaits();
  }
  return { output: answer.output, handoff: answer.handoff };
}

/** The first case that holds decides the next nodes; the input is passed on. */
function decide({ at, place: { scope, course, byName }, messages }: VisitMessages): Finished {
  const { node } = at;
  const read = new Map<string, unknown>();
  function valueOf(named: string | null, path: string): unknown {
    const name = named ?? node.input_nodes[0] ?? 'start';
    const text = scope.outputsOf(name).at(-1);
    if (text === undefined) return undefined;
    // Words around JSON are a model's; without any JSON it is a text.
    if (!read.has(name)) read.set(name, jsonWithin(text)?.value ?? text);
    return valueAt(read.get(name), path);
  }
  const { cases = [], otherwise } = node.condition ?? {};
  const branch = cases.find(({ when }) => holds(when, valueOf))?.to ?? otherwise ?? [];
  const output = messages.map(textOf).join('');
  const to = course.handoffsLeft(node.name) > 0 ? branch.find((name) => byName.has(name)) : undefined;
  return { output, handoff: to ?? null, branch };
}

/** Whether the run continues where a node fails. */
function goesOn({ node }: VisitedNode, { keepsFailures }: VisitContext): boolean {
  return keepsFailures || (node.on_error ?? []).length > 0;
}

/** The first messages of a visit, by the kind of its node. */
function begun(at: VisitedNode, place: VisitContext, running: ActiveRun): Promise<Message[]> {
  if (at.node.kind === 'tool') return callOf(at, place, running);
  if (at.node.kind === 'each') return itemsOf(at, place, running);
  return promptOf(at.node, place.scope, running.ports.file);
}

/** Does what its kind does, as often as it may be tried. */
function carryOut(told: VisitMessages): AsyncGenerator<GraphEvent, Finished> {
  const { node } = told.at;
  const { signal } = told.running;
  if (node.kind === 'human') return askPerson(told);
  // Where the run continues after a failure, the earlier messages belong to attempts that the end of a hub cut.
  const [failures, answers] = goesOn(told.at, told.place) ? [0, 0] : [failuresBefore(told), answersBefore(told)];
  return tried(node, signal, (own, attempt) => {
    if (node.kind === 'tool') return useTool(told, failures, own, attempt);
    return node.kind === 'each' ? forEach(told, own) : speak(told, answers, own, attempt);
  });
}

/** A visit without a prompt yet is started as often as the node has attempts: a server may be about to start. */
function beginning(at: VisitedNode, place: VisitContext, running: ActiveRun): AsyncGenerator<GraphEvent, Message[]> {
  // oxlint-disable-next-line require-yield -- it tells nothing
  async function* prompt(): AsyncGenerator<GraphEvent, Message[]> {
    return await begun(at, place, running);
  }
  return tried(at.node, running.signal, prompt);
}

async function* work(
  at: VisitedNode,
  before: NodeVisit | undefined,
  place: VisitContext,
  running: ActiveRun,
  onStart: () => void,
): AsyncGenerator<GraphEvent, Finished> {
  const messages = before?.messages ?? (yield* beginning(at, place, running));
  const told: VisitMessages = { at, place, running, messages };
  const { node } = at;
  onStart();
  yield { type: 'node_start', node: at.name, visit: at.visit, level: node.level, messages: [...messages] };
  return node.kind === 'condition' ? decide(told) : yield* carryOut(told);
}

/** Visits a node, or resumes a started visit. */
export async function* visitNode(
  at: VisitedNode,
  before: NodeVisit | undefined,
  place: VisitContext,
  running: ActiveRun,
): AsyncGenerator<GraphEvent, Finished> {
  const named = { node: at.name, visit: at.visit };
  let isStarted = false;
  try {
    const finished = yield* work(at, before, place, running, () => (isStarted = true));
    const { output, handoff, branch } = finished;
    // A model's hand-off is in the event of the call that chose it.
    const isTold = handoff !== null && (at.node.kind === 'human' || at.node.kind === 'condition');
    yield { type: 'node_end', ...named, output, ...(isTold && { handoff }), ...(branch && { branch }) };
    return finished;
  } catch (error) {
    if (running.signal.aborted || error instanceof NodeWaits) throw error;
    if (isFinal(error) || !goesOn(at, place)) {
      yield { type: 'node_failed', ...named, error };
      throw error;
    }
    const said = running.ports.told?.(error) ?? (error instanceof Error ? error.message : String(error));
    const output = said.slice(0, longestFailure);
    // Its prompt may be what failed.
    if (!isStarted) yield { type: 'node_start', ...named, level: at.node.level, messages: [] };
    yield { type: 'node_end', ...named, output, failed: true };
    return { output, handoff: null, failed: true };
  }
}
