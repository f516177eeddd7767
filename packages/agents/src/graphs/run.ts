import { placeOf, type ItemGraph, type ActiveRun } from './active-run.ts';
import { merged } from './merge.ts';
import { courseOf, type RunProgress, type Finished } from './run-progress.ts';
import {
  GraphWaits,
  NodeFailed,
  NodeWaits,
  RunStops,
  TooManyVisits,
  type VisitedNode,
  type GraphEvent,
  type GraphResult,
  type GraphRunInput,
  type NodeVisit,
  type RunState,
} from './types.ts';
import { visitNode } from './visit.ts';

const mostAtOnce = 16;
const usualVisits = 1_000;
const usualWithin = 10_000;

function keyOf({ name, visit }: Pick<VisitedNode, 'name' | 'visit'>): string {
  return `${name}/${visit}`;
}

function pastOf({ past }: RunState): Map<string, NodeVisit> {
  return new Map(past.map((each) => [keyOf({ name: each.node, visit: each.visit }), each]));
}

function finishedOf(visit: NodeVisit | undefined): Finished | null {
  if (visit?.done !== true) return null;
  const { output = '', handoff = null, branch, failed } = visit;
  return { output, handoff, ...(branch && { branch }), ...(failed === true && { failed }) };
}

/**
 * Runs a graph, or resumes a run: level by level, the nodes of a level at the same time. It depends on its input alone:
 * called again with the visits so far, it continues where it was. An event is awaited by its consumer: the next step at
 * that node happens after the next event was asked for. Throws NodeFailed, GraphWaits, TooManyVisits, RunStops, and the
 * signal's reason.
 */
export async function* runGraph(input: GraphRunInput): AsyncGenerator<GraphEvent, GraphResult> {
  const stop = new AbortController();
  const { ports, mostTurns = 10, mostWithin = usualWithin } = input;
  const past = pastOf(input);
  const own = new Set(input.graph.nodes.map(({ name }) => name));
  // Counted by started visits, so that a resumed run has the same number left.
  const within = new Set(input.past.filter(({ node }) => !own.has(node)).map(({ node, visit }) => `${node}/${visit}`));
  const running: ActiveRun = {
    ports,
    past,
    mostTurns,
    signal: AbortSignal.any([input.signal, stop.signal]),
    async *runWithin(inner, signal) {
      const { graph, input: given } = inner;
      const course = courseOf({ graph, input: given }, usualVisits, inner.called);
      return yield* runLevels(course, inner, { ...running, signal }, (at) => {
        within.add(keyOf(at));
        if (within.size > mostWithin) throw new TooManyVisits(mostWithin);
      });
    },
  };
  try {
    const course = courseOf(input, input.mostVisits ?? usualVisits);
    const inner = { graph: input.graph, keepsFailures: false, around: null };
    const result = yield* runLevels(course, inner, running, () => undefined);
    return result ?? course.result();
  } catch (error) {
    input.signal.throwIfAborted();
    throw error instanceof NodeWaits ? new GraphWaits('A person is asked.') : error;
  } finally {
    stop.abort();
  }
}

/** Takes a course to its end; null where a node failed, and that is kept. */
async function* runLevels(
  course: RunProgress,
  inner: Pick<ItemGraph, 'graph' | 'keepsFailures' | 'around'>,
  running: ActiveRun,
  begin: (at: VisitedNode) => void,
): AsyncGenerator<GraphEvent, GraphResult | null> {
  const { past, signal } = running;
  const place = placeOf(course, inner);
  const stop = new AbortController();
  const own = { ...running, signal: AbortSignal.any([signal, stop.signal]) };
  for (let batch = course.batch(); batch.length > 0; batch = course.batch()) {
    signal.throwIfAborted();
    batch.forEach(begin);
    const finished = batch.map((at) => finishedOf(past.get(keyOf(at))));
    const open = batch.flatMap((at, index) => (finished[index] === null ? [{ at, index }] : []));
    const visits = open.map(
      ({ at }) =>
        () =>
          visitNode(at, past.get(keyOf(at)), place, own),
    );
    const { results, failures } = yield* merged(visits, mostAtOnce, () => stop.abort());
    signal.throwIfAborted();
    const failure = failures.find(({ error }) => !(error instanceof NodeWaits));
    if (!failure && failures.length > 0) throw new NodeWaits();
    if (failure) throw failureOf(open[failure.at]?.at, failure.error);
    for (const [index, one] of open.entries()) finished[one.index] = results[index] ?? null;
    settle(course, finished);
    const isOver = inner.keepsFailures && batch.some(({ node }, at) => isEnd(node, finished[at] ?? null));
    if (isOver) return null;
  }
  return course.result();
}

/** True where it failed, and no other node follows in its place. */
function isEnd({ on_error: onError }: VisitedNode['node'], finished: Finished | null): boolean {
  return finished?.failed === true && (onError ?? []).length === 0;
}

function failureOf(at: VisitedNode | undefined, error: unknown): unknown {
  if (error instanceof TooManyVisits || error instanceof RunStops || error instanceof NodeFailed) return error;
  return new NodeFailed(at?.name ?? '', at?.visit ?? 0, error);
}

function settle(course: RunProgress, finished: readonly (Finished | null)[]): void {
  course.settle(finished.map((one) => one ?? { output: '', handoff: null }));
}

/** The result of a run so far, without running anything. */
export function resultOf(state: RunState): GraphResult {
  const course = courseOf(state, Infinity);
  const past = pastOf(state);
  for (let batch = course.batch(); batch.length > 0; batch = course.batch()) {
    const finished = batch.map((at) => finishedOf(past.get(keyOf(at))));
    if (finished.includes(null)) break;
    settle(course, finished);
  }
  return course.result();
}
