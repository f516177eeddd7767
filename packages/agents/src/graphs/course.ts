import { joined, longestFilled, piecesOf, type Token } from './tokens.ts';
import { TooManyVisits, type At, type GraphResult, type HandoffStatus, type RunState } from './types.ts';

/** What came of one visit. */
export interface Finished {
  output: string;
  handoff: string | null;
}

/** How far a run is: a function of the graph, the inputs and what came of its visits. */
export interface Course {
  /** Nodes that are visited next, beside each other; empty: the run is at its end. Throws TooManyVisits. */
  batch(): At[];
  /** What came of the batch, in its order; the first hand-off in it says where the run goes on. */
  settle(finished: readonly Finished[]): void;
  /** Hand-offs that a node may still make. */
  handoffsLeft(name: string): number;
  /** Outputs of a node so far, the oldest first; those of `start` are the inputs. */
  outputsOf(name: string): readonly string[];
  /** What a node said in this run and those before it, where its output is global. */
  globalsOf(name: string): readonly string[];
  result(): GraphResult;
}

export function courseOf({ graph, input, inputs = [], globals = {} }: RunState, mostVisits: number): Course {
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
  let current: At[] = [];
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

  return {
    batch() {
      current = nextNodes().map((node) => ({ node, visit: (visits.get(node.name) ?? 0) + 1 }));
      if (count + current.length > mostVisits && current.length > 0) throw new TooManyVisits(count);
      return current;
    },
    settle(finished) {
      let to: string | null = null;
      for (const [at, { node, visit }] of current.entries()) {
        const { output, handoff } = finished[at] ?? { output: '', handoff: null };
        count += 1;
        visits.set(node.name, visit);
        add(outputs, node.name, output);
        if (node.global_output) add(globalOutputs, node.name, output);
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

  /** What the first of these names has that has something. */
  function firstOf({ names, count: wanted }: Token): string {
    for (const name of names) {
      const text = joined(globalOutputs.get(name) ?? outputs.get(name) ?? [], wanted);
      if (text !== '') return text;
    }
    return '';
  }
}
