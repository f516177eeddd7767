import { dependenciesOf, targetsOf } from './links.ts';
import type { FlatGraph } from './schema.ts';
import { joined, longestFilled, piecesOf, type Token } from './tokens.ts';
import { TooManyVisits, type VisitedNode, type GraphResult, type HandoffStatus, type RunState } from './types.ts';

/** The result of one visit. */
export interface Finished {
  output: string;
  handoff: string | null;
  /** The nodes that a condition chose. */
  branch?: readonly string[];
  /** True where it failed and the run continues: the output is the failure. */
  failed?: boolean;
}

/** The progress of a run: a function of the graph, the inputs and the results of its visits. */
export interface RunProgress {
  /** Nodes that are visited next, beside each other; empty: the run is at its end. Throws TooManyVisits. */
  batch(): VisitedNode[];
  /** Takes the results of the batch, in its order; the first hand-off in it decides the next node. */
  settle(finished: readonly Finished[]): void;
  /** Hand-offs that a node may still make. */
  handoffsLeft(name: string): number;
  /** Outputs of a node so far, the oldest first; those of `start` are the inputs. */
  outputsOf(name: string): readonly string[];
  /** The outputs of a node in this run and those before it, where its output is global. */
  globalsOf(name: string): readonly string[];
  result(): GraphResult;
}

/** The state of the nodes that were reached, where some of them may be skipped. */
function createBranches({ nodes }: FlatGraph) {
  const isNeeded = nodes.some(({ kind, on_error: onError }) => kind === 'condition' || (onError ?? []).length > 0);
  const waits = isNeeded ? dependenciesOf({ nodes }) : new Map<string, Set<string>>();
  const leading = new Map(
    nodes.map((node) => [
      node.name,
      {
        outputs: new Set(node.output_nodes),
        onError: new Set(node.on_error ?? []),
        // With hand-offs it sends the run as a model would.
        chosen: new Set(node.handoffs > 0 ? [] : targetsOf(node)),
      },
    ]),
  );
  const became = new Map<string, Finished | 'passed'>();

  function leads(from: string, to: string): boolean {
    const was = became.get(from);
    const by = leading.get(from);
    // In circles some come before what they wait for.
    if (was === undefined || !by) return true;
    if (was === 'passed') return false;
    if (was.failed === true) return by.onError.has(to);
    if (by.chosen.has(to)) return was.branch?.includes(to) ?? false;
    return by.outputs.has(to) || !by.onError.has(to);
  }
  return {
    note: (name: string, what: Finished | 'passed') => void became.set(name, what),
    /** Whether everything that leads to a node leads elsewhere this time. */
    isPassed(name: string): boolean {
      const on = [...(waits.get(name) ?? [])];
      return on.length > 0 && on.every((from) => !leads(from, name));
    },
  };
}

/** `called`: what visits are called, by the names of their nodes. */
export function courseOf(
  { graph, input, inputs = [], globals = {} }: Omit<RunState, 'past'>,
  mostVisits: number,
  called: (name: string) => string = (name) => name,
): RunProgress {
  const branches = createBranches(graph);
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const byLevel = Map.groupBy(graph.nodes, ({ level }) => level);
  const lastLevel = graph.nodes.reduce((most, { level }) => Math.max(most, level), 0);
  const outputs = new Map<string, string[]>([['start', [...inputs, input]]]);
  const globalOutputs = new Map(Object.entries(globals).map(([name, texts]) => [name, [...texts]]));
  globalOutputs.set('start', [...inputs, input]);
  const visits = new Map<string, number>();
  const handoffs = new Map<string, HandoffStatus>(
    graph.nodes
      .filter((node) => node.handoffs > 0)
      .map(({ name, handoffs: limit }) => [name, { total_limit: limit, used_count: 0, last_selection: null }]),
  );
  const chain: { level: number; names: string[] }[] = [{ level: 0, names: ['start'] }];
  let level = 0;
  let jump: string | null = null;
  let count = 0;
  let current: VisitedNode[] = [];
  let last = '';

  function add(map: Map<string, string[]>, name: string, text: string) {
    const known = map.get(name);
    if (known) known.push(text);
    else map.set(name, [text]);
  }

  function nextNodes() {
    if (jump !== null) return [byName.get(jump)].filter((node) => node !== undefined);
    while (level <= lastLevel && !byLevel.has(level)) level += 1;
    return byLevel.get(level) ?? [];
  }

  /** Nodes that something leads to; one that is handed over to is reached in any case. */
  function reachedNodes() {
    for (;;) {
      const nodes = nextNodes();
      const passed = new Set(jump === null ? nodes.filter(({ name }) => branches.isPassed(name)) : []);
      for (const { name } of passed) branches.note(name, 'passed');
      const reached = nodes.filter((node) => !passed.has(node));
      if (reached.length > 0 || nodes.length === 0) return reached;
      level += 1;
    }
  }

  return {
    batch() {
      current = reachedNodes().map((node) => ({
        node,
        visit: (visits.get(node.name) ?? 0) + 1,
        name: called(node.name),
      }));
      if (count + current.length > mostVisits && current.length > 0) throw new TooManyVisits(count);
      return current;
    },
    settle(finished) {
      let to: string | null = null;
      for (const [at, { node, visit }] of current.entries()) {
        const came = finished[at] ?? { output: '', handoff: null };
        const { output, handoff } = came;
        branches.note(node.name, came);
        count += 1;
        visits.set(node.name, visit);
        add(outputs, node.name, output);
        if (node.global_output && came.failed !== true) add(globalOutputs, node.name, output);
        const round = chain.at(-1);
        if (round?.level === node.level) round.names.push(node.name);
        else chain.push({ level: node.level, names: [node.name] });
        last = output;
        const status = handoffs.get(node.name);
        if (handoff === null || !status) continue;
        status.used_count += 1;
        status.last_selection = handoff;
        to ??= handoff;
      }
      const target = to === null ? undefined : byName.get(to);
      if (target) {
        jump = target.name;
        level = target.level + 1;
      } else {
        if (jump === null) level += 1;
        jump = null;
      }
    },
    handoffsLeft(name) {
      const status = handoffs.get(name);
      return status ? status.total_limit - status.used_count : 0;
    },
    outputsOf: (name) => outputs.get(name) ?? [],
    globalsOf: (name) => globalOutputs.get(name) ?? outputs.get(name) ?? [],
    result() {
      return {
        final_result: count === 0 ? '' : finalOf(),
        execution_chain: chain.map(({ names }) => names),
        global_outputs: Object.fromEntries(globalOutputs),
        handoffs_status: Object.fromEntries([...handoffs].map(([name, status]) => [name, { ...status }])),
      };
    },
  };

  function finalOf(): string {
    if (graph.end_template === '') return last;
    let text = '';
    for (const piece of piecesOf(graph.end_template, (name) => name === 'start' || byName.has(name))) {
      text += 'text' in piece ? piece.text : firstOf(piece.token);
      // A result that is cut is worth more than a run that fails at its end.
      if (text.length > longestFilled) return text.slice(0, longestFilled);
    }
    return text;
  }

  /** The value of the first of these names that has one. */
  function firstOf({ names, count: wanted }: Token): string {
    for (const name of names) {
      const text = joined(globalOutputs.get(name) ?? outputs.get(name) ?? [], wanted);
      if (text !== '') return text;
    }
    return '';
  }
}
