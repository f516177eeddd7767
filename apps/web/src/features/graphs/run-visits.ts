import { partsOf, type Part } from '../../ui/rounds/round-parts.ts';
import type { Used } from '../../ui/rounds/types.ts';
import type { LiveRun, LiveVisit } from './run-live.ts';
import type { RunDetail, RunNode, RunState } from './types.ts';

export type VisitState = 'going' | 'waiting' | 'done' | 'passed' | 'failed' | 'cut';

/** A visit of a node as it is shown: what is stored of it, and what it told since. */
export interface ShownVisit {
  key: string;
  node: string;
  visit: number;
  level: number;
  state: VisitState;
  /** What the model was sent. */
  prompt: RunNode['prompt'];
  parts: readonly Part[];
  output: string | null;
  handoff: string | null;
  /** Where a condition sent the run. */
  branch: readonly string[] | null;
  /** What a person is asked there, until it is answered. */
  question: NonNullable<RunNode['asked']>['question'] | null;
  used: Used;
  startedAt: number;
  endedAt: number | null;
}

const nothing: Used = { tokensIn: 0, tokensOut: 0, cost: 0, estimated: false };

function sum(a: Used, b: Used): Used {
  return {
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    cost: a.cost + b.cost,
    estimated: a.estimated || b.estimated,
  };
}

/** What a visit used: turns that are stored, and those that were only heard so far. */
function usedBy(stored: RunNode | undefined, live: LiveVisit | undefined): Used {
  const known = new Set(stored?.said.map(({ turn }) => turn));
  const heard = (live?.round.turns ?? []).flatMap(({ turn, answer }) =>
    answer === null || known.has(turn) ? [] : [answer.used],
  );
  return heard.reduce(sum, stored?.used ?? nothing);
}

function failedNode({ failure }: Pick<RunDetail, 'failure'>): unknown {
  return failure?.params['node'];
}

function stateOf(
  run: RunDetail,
  state: RunState,
  stored: RunNode | undefined,
  live: LiveVisit | undefined,
): VisitState {
  if (stored?.failed === true || live?.state === 'passed') return 'passed';
  if (stored?.done === true || live?.state === 'done') return 'done';
  if (live?.state === 'failed') return 'failed';
  if (state === 'running') return 'going';
  if (state === 'waiting') return stored?.asked?.answer === null ? 'waiting' : 'going';
  return state === 'failed' && failedNode(run) === (stored?.node ?? live?.node) ? 'failed' : 'cut';
}

function shownOf(run: RunDetail, runState: RunState, stored: RunNode | undefined, live: LiveVisit | undefined) {
  const { node, visit, level } = stored ?? live ?? { node: '', visit: 0, level: 0 };
  const state = stateOf(run, runState, stored, live);
  const isGoing = state === 'going' || state === 'waiting';
  const round = { messages: stored?.said ?? [], state: isGoing ? ('running' as const) : ('done' as const) };
  const startedAt = stored ? Date.parse(stored.startedAt) : (live?.startedAt ?? 0);
  const endedAt = stored?.endedAt == null ? (live?.endedAt ?? null) : Date.parse(stored.endedAt);
  return {
    key: `${node}/${visit}`,
    node,
    visit,
    level,
    state,
    prompt: stored?.prompt ?? [],
    parts: partsOf(round, live?.round ?? null),
    output: stored?.output ?? live?.output ?? null,
    handoff: stored?.handoff ?? live?.handoff ?? null,
    branch: stored?.branch ?? live?.branch ?? null,
    question: runState === 'waiting' && stored?.asked?.answer === null ? stored.asked.question : null,
    used: usedBy(stored, live),
    startedAt,
    endedAt,
  } satisfies ShownVisit;
}

/** The visits of a run in the order they began. */
export function visitsOf(run: RunDetail, live: LiveRun | null): ShownVisit[] {
  const state = live?.end?.state ?? run.state;
  const heard = new Map((live?.visits ?? []).map((visit) => [`${visit.node}/${visit.visit}`, visit]));
  const stored = run.nodes.map((node) => {
    const key = `${node.node}/${node.visit}`;
    const own = heard.get(key);
    heard.delete(key);
    return shownOf(run, state, node, own);
  });
  return [...stored, ...[...heard.values()].map((visit) => shownOf(run, state, undefined, visit))];
}

/** The node of the graph that a visit belongs to: those within a sub-graph are called after it. */
export function nodeOf({ node }: Pick<ShownVisit, 'node'>): string {
  const dot = node.indexOf('.');
  return dot === -1 ? node : node.slice(0, dot);
}
