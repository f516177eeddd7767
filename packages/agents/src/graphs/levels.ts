import type { Graph, GraphNode } from './types.ts';

/** The graph with the level of each node: one more than the highest it waits for. Nodes in a cycle get a guess. */
export function withLevels<G extends Graph>(graph: G): G & { nodes: (G['nodes'][number] & { level: number })[] } {
  const levels = levelsOf(graph.nodes);
  return { ...graph, nodes: graph.nodes.map((node, at) => ({ ...node, level: levels[at] ?? 0 })) };
}

function levelsOf(nodes: readonly GraphNode[]): number[] {
  const { waiting, followers } = edgesOf(nodes);
  const levels = nodes.map(() => 0);
  const left = waiting.map((each) => each.size);
  const done = nodes.map(() => false);
  const ready = nodes.map((_, at) => at).filter((at) => left[at] === 0);
  // Of a cycle, a node that takes the input begins, then one that something leads to, then the first of the list.
  const starting = nodes.map((_, at) => at).filter((at) => nodes[at]?.input_nodes.includes('start') === true);
  const reached: number[] = [];
  const spare = [starting.values(), reached.values(), nodes.keys()];

  function next(): number | undefined {
    const free = ready.pop();
    if (free !== undefined) return free;
    for (const places of spare) {
      for (let step = places.next(); step.done !== true; step = places.next()) {
        if (done[step.value] !== true) return step.value;
      }
    }
    return undefined;
  }
  for (let at = next(); at !== undefined; at = next()) {
    if (done[at] === true) continue;
    done[at] = true;
    for (const follower of followers[at] ?? []) {
      if (done[follower] === true) continue;
      levels[follower] = Math.max(levels[follower] ?? 0, (levels[at] ?? 0) + 1);
      left[follower] = (left[follower] ?? 0) - 1;
      if (left[follower] === 0) ready.push(follower);
      else reached.push(follower);
    }
  }
  return levels;
}

/** Which nodes each waits for, and which wait for it, by their places. */
function edgesOf(nodes: readonly GraphNode[]): { waiting: Set<number>[]; followers: number[][] } {
  const places = new Map(nodes.map(({ name }, at) => [name, at]));
  function placesOf(names: readonly string[], self: number): Set<number> {
    return new Set(
      names.map((name) => places.get(name)).filter((at) => at !== undefined && at !== self),
    ) as Set<number>;
  }
  const waiting = nodes.map(({ input_nodes: inputs }, at) => placesOf(inputs, at));
  const inputs = waiting.map((each) => new Set(each));
  // What a node with hand-offs leads to is its own choice.
  const outputs = nodes.map((node, at) => placesOf((node.handoffs ?? 0) > 0 ? [] : node.output_nodes, at));
  outputs.forEach((targets, from) => {
    for (const to of targets) {
      const isMutual = outputs[to]?.has(from) === true || inputs[from]?.has(to) === true;
      if (!isMutual) waiting[to]?.add(from);
    }
  });
  const followers: number[][] = nodes.map(() => []);
  waiting.forEach((each, to) => {
    for (const from of each) followers[from]?.push(to);
  });
  return { waiting, followers };
}
