import type { Drawing, GraphNode } from './drawing.ts';
import { targetsOf } from './kind-names.ts';

/** A line from one node to another; `from` and `to` are keys, or `start` and `end`. */
export interface Link {
  id: string;
  from: string;
  to: string;
  /** `implied`: nobody wrote it; the hub takes it so where no node mentions the start or the end. */
  /** `branch`: a case of a condition; `error`: taken where the node fails. */
  kind: 'flow' | 'handoff' | 'implied' | 'branch' | 'error';
}

interface Known {
  keys: ReadonlyMap<string, string>;
  links: Map<string, Link>;
}

function add({ keys, links }: Known, from: string, to: string, kind: Link['kind']): void {
  const [source, target] = [keys.get(from), keys.get(to)];
  if (source === undefined || target === undefined) return;
  const id = `${source}>${target}`;
  // A hand-off is written at the node that hands over; that its target takes the output as input changes nothing.
  const known = links.get(id)?.kind;
  if (known === undefined || known === 'flow' || known === 'implied')
    links.set(id, { id, from: source, to: target, kind });
}

function nextOf(node: GraphNode): string[] {
  return [...node.output_nodes, ...targetsOf(node), ...(node.on_error ?? [])];
}

function addImplied(known: Known, nodes: readonly GraphNode[]): void {
  const ledTo = new Set(nodes.flatMap(nextOf));
  const taken = new Set(nodes.flatMap(({ input_nodes: inputs }) => inputs));
  const hasStart = taken.has('start');
  const hasEnd = ledTo.has('end');
  for (const node of nodes) {
    const { name, input_nodes: inputs } = node;
    if (!hasStart && inputs.length === 0 && !ledTo.has(name)) add(known, 'start', name, 'implied');
    if (!hasEnd && nextOf(node).length === 0 && !taken.has(name)) add(known, name, 'end', 'implied');
  }
}

/** What leads to what, each line once. */
export function linksOf({ nodes: drawn }: Drawing): Link[] {
  const keys = new Map([
    ['start', 'start'],
    ['end', 'end'],
    ...drawn.map(({ key, node }) => [node.name, key] as const),
  ]);
  const known: Known = { keys, links: new Map() };
  const nodes = drawn.map(({ node }) => node);
  for (const node of nodes) {
    const { name, input_nodes: inputs, output_nodes: outputs, handoffs } = node;
    for (const to of targetsOf(node)) add(known, name, to, 'branch');
    for (const to of node.on_error ?? []) add(known, name, to, 'error');
    for (const from of inputs) add(known, from, name, 'flow');
    for (const to of outputs) add(known, name, to, handoffs > 0 && to !== 'end' ? 'handoff' : 'flow');
  }
  addImplied(known, nodes);
  return [...known.links.values()];
}

function nameOf({ nodes }: Drawing, key: string): string | undefined {
  return key === 'start' || key === 'end' ? key : nodes.find((each) => each.key === key)?.node.name;
}

function changeEnds(
  drawing: Drawing,
  { from, to }: Pick<Link, 'from' | 'to'>,
  change: { outputs: (names: string[], to: string) => string[]; inputs: (names: string[], from: string) => string[] },
): Drawing {
  const [source, target] = [nameOf(drawing, from), nameOf(drawing, to)];
  if (source === undefined || target === undefined) return drawing;
  return {
    ...drawing,
    nodes: drawing.nodes.map((drawn) => {
      const { key, node } = drawn;
      if (key !== from && key !== to) return drawn;
      const outputs = key === from ? change.outputs(node.output_nodes, target) : node.output_nodes;
      const inputs = key === to ? change.inputs(node.input_nodes, source) : node.input_nodes;
      return { ...drawn, node: { ...node, output_nodes: outputs, input_nodes: inputs } };
    }),
  };
}

function withName(names: string[], name: string): string[] {
  return names.includes(name) ? names : [...names, name];
}

function withoutName(names: string[], name: string): string[] {
  return names.filter((each) => each !== name);
}

/** True where something leads from one key to the other, directly or not. */
function leadsTo(links: readonly Link[], from: string, to: string): boolean {
  const next = Map.groupBy(links, (link) => link.from);
  const reached = new Set([from]);
  for (const key of reached) {
    if (key === to) return true;
    for (const link of next.get(key) ?? []) reached.add(link.to);
  }
  return false;
}

/**
 * Draws a line. It is written at both of its ends, as an output and as an input; where it leads back it is an output
 * alone, since two nodes that wait for each other would never begin.
 */
export function connect(drawing: Drawing, from: string, to: string): Drawing {
  if (from === to || from === 'end' || to === 'start' || (from === 'start' && to === 'end')) return drawing;
  const isBack = leadsTo(linksOf(drawing), to, from);
  return changeEnds(drawing, { from, to }, { outputs: withName, inputs: isBack ? (names) => names : withName });
}

export function disconnect(drawing: Drawing, links: readonly Pick<Link, 'from' | 'to'>[]): Drawing {
  return links.reduce((next, link) => changeEnds(next, link, { outputs: withoutName, inputs: withoutName }), drawing);
}
