import { dependenciesOf, withEnds } from './links.ts';
import type { Graph } from './schema.ts';

/** The level of each node, by name, and the nodes that wait for each other in a circle. */
export function levelsOf(graph: Graph): { levels: Map<string, number>; circles: string[] } {
  const whole = withEnds(graph);
  const waits = dependenciesOf(whole);
  const followers = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [name, on] of waits) {
    open.set(name, on.size);
    for (const each of on) {
      const known = followers.get(each);
      if (known) known.push(name);
      else followers.set(each, [name]);
    }
  }
  const levels = new Map<string, number>();
  const circles: string[] = [];
  const ready = [...open].filter(([, count]) => count === 0).map(([name]) => name);
  // In circles, nodes that take the input come first, then those that are written first.
  const guesses = [
    ...whole.nodes.filter(({ input_nodes: inputs }) => inputs.includes('start')),
    ...whole.nodes.filter(({ input_nodes: inputs }) => !inputs.includes('start')),
  ].map(({ name }) => name);

  function settle(name: string) {
    const known = [...(waits.get(name) ?? [])].flatMap((each) => levels.get(each) ?? []);
    levels.set(
      name,
      known.reduce((most, level) => Math.max(most, level + 1), 0),
    );
    for (const next of followers.get(name) ?? []) {
      const count = (open.get(next) ?? 0) - 1;
      open.set(next, count);
      if (count === 0 && !levels.has(next)) ready.push(next);
    }
  }
  let guess = 0;
  let at = 0;
  for (;;) {
    for (; at < ready.length; at += 1) {
      const name = ready[at] ?? '';
      if (!levels.has(name)) settle(name);
    }
    while (guess < guesses.length && levels.has(guesses[guess] ?? '')) guess += 1;
    const name = guesses[guess];
    if (name === undefined) return { levels, circles };
    circles.push(name);
    settle(name);
  }
}

/** The graph with the level of each node as it is computed. */
export function withLevels(graph: Graph): Graph {
  const { levels } = levelsOf(graph);
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, level: levels.get(node.name) ?? 0 })) };
}
