import { courseOf, type Course, type Finished } from './course.ts';
import { merged } from './merge.ts';
import {
  GraphWaits,
  NodeFailed,
  NodeWaits,
  type GraphEvent,
  type GraphResult,
  type GraphRunInput,
  type NodeVisit,
  type RunState,
} from './types.ts';
import { visitNode } from './visit.ts';

const mostAtOnce = 16;
const usualVisits = 1_000;

function keyOf(node: string, visit: number): string {
  return `${node}/${visit}`;
}

function pastOf({ past }: RunState): Map<string, NodeVisit> {
  return new Map(past.map((each) => [keyOf(each.node, each.visit), each]));
}

function finishedOf(visit: NodeVisit | undefined): Finished | null {
  return visit?.done === true ? { output: visit.output ?? '', handoff: visit.handoff ?? null } : null;
}

/**
 * Runs a graph, or goes on with a run: level by level, the nodes of a level beside each other. It depends on nothing but
 * what it is given: called again with what was done so far, it goes on where it was. An event is awaited by giving it:
 * what follows from it at that node happens after the next one was asked for. Throws NodeFailed, GraphWaits, TooManyVisits, and the
 * signal's reason.
 */
export async function* runGraph(input: GraphRunInput): AsyncGenerator<GraphEvent, GraphResult> {
  const stop = new AbortController();
  const running = { ...input, signal: AbortSignal.any([input.signal, stop.signal]) };
  const course = courseOf(input, input.mostVisits ?? usualVisits);
  const past = pastOf(input);
  for (let batch = course.batch(); batch.length > 0; batch = course.batch()) {
    input.signal.throwIfAborted();
    const finished = batch.map(({ node, visit }) => finishedOf(past.get(keyOf(node.name, visit))));
    const open = batch.flatMap((at, place) => (finished[place] === null ? [{ at, place }] : []));
    const visits = open.map(
      ({ at }) =>
        () =>
          visitNode(at, past.get(keyOf(at.node.name, at.visit)), course, running),
    );
    const { results, failures } = yield* merged(visits, mostAtOnce, () => stop.abort());
    input.signal.throwIfAborted();
    const failure = failures.find(({ error }) => !(error instanceof NodeWaits));
    if (!failure && failures.length > 0) throw new GraphWaits('A person is asked.');
    if (failure) {
      const { at } = open[failure.at] ?? {};
      throw new NodeFailed(at?.node.name ?? '', at?.visit ?? 0, failure.error);
    }
    for (const [index, { place }] of open.entries()) finished[place] = results[index] ?? null;
    settle(course, finished);
  }
  return course.result();
}

function settle(course: Course, finished: readonly (Finished | null)[]): void {
  course.settle(finished.map((one) => one ?? { output: '', handoff: null }));
}

/** What a run came to so far, without running anything. */
export function resultOf(state: RunState): GraphResult {
  const course = courseOf(state, Infinity);
  const past = pastOf(state);
  for (let batch = course.batch(); batch.length > 0; batch = course.batch()) {
    const finished = batch.map(({ node, visit }) => finishedOf(past.get(keyOf(node.name, visit))));
    if (finished.includes(null)) break;
    settle(course, finished);
  }
  return course.result();
}
