import { NodeName, type Graph } from '@switchboard/core/graphs/schema';
import { targetsOf, withNames } from './kind-names.ts';

export type GraphNode = Graph['nodes'][number];

export interface Point {
  x: number;
  y: number;
}

/** A node with a key that stays when it is renamed. Names are unique: links hold names. */
export interface DrawnNode {
  key: string;
  node: GraphNode;
}

/** All of a graph but its nodes. */
export interface DrawingSubject {
  name: string;
  description: string;
  end_template: string;
  [more: string]: unknown;
}

/** A graph while it is drawn. */
export interface Drawing {
  about: DrawingSubject;
  nodes: readonly DrawnNode[];
  /** How many keys were given out. */
  made: number;
}

/** Where the input comes from, and where a run ends. They are drawn, and are no nodes of the graph. */
export function isTerminal(name: string): boolean {
  return name === 'start' || name === 'end';
}

export function toDrawing({ nodes, ...about }: Graph): Drawing {
  return { about, nodes: nodes.map((node, at) => ({ key: `n${at}`, node })), made: nodes.length };
}

export function toGraph({ about, nodes }: Drawing): Graph {
  return { ...about, nodes: nodes.map(({ node }) => node) };
}

/** A node of its own, with what a graph's schema says of fields that nobody filled in. */
export function newNode(name: string, model: string, position: Point): GraphNode {
  return {
    name,
    description: '',
    model_name: model,
    mcp_servers: [],
    system_prompt: '',
    user_prompt: '',
    input_nodes: [],
    output_nodes: [],
    handoffs: 0,
    global_output: false,
    context: [],
    context_mode: 'all',
    context_n: 1,
    output_enabled: true,
    is_subgraph: false,
    subgraph_name: '',
    position: { ...position },
  };
}

/** The name, or the same with the first number that makes it another one. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const stem = name.replace(/ \d{1,4}$/, '').slice(0, 90);
  for (let number = 2; ; number += 1) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
}

export function namesOf({ nodes }: Drawing): Set<string> {
  return new Set(nodes.map(({ node }) => node.name));
}

/** Why a node cannot be called so; null where it can. */
export function nameProblem(
  drawing: Drawing,
  key: string,
  name: string,
): 'empty' | 'rule' | 'reserved' | 'taken' | null {
  if (name === '') return 'empty';
  if (!NodeName.safeParse(name).success) return 'rule';
  if (isTerminal(name)) return 'reserved';
  return drawing.nodes.some((each) => each.key !== key && each.node.name === name) ? 'taken' : null;
}

/** A node by its key; the terminals are their own. */
export function nodeAt({ nodes }: Drawing, key: string): GraphNode | undefined {
  return nodes.find((each) => each.key === key)?.node;
}

function mapNodes(drawing: Drawing, change: (node: GraphNode, key: string) => GraphNode): Drawing {
  return {
    ...drawing,
    nodes: drawing.nodes.map((drawn) => {
      const next = change(drawn.node, drawn.key);
      return next === drawn.node ? drawn : { ...drawn, node: next };
    }),
  };
}

/** Changes fields of a node, but for its name. */
export function changeNode(drawing: Drawing, key: string, change: Partial<GraphNode>): Drawing {
  return mapNodes(drawing, (node, each) => (each === key ? { ...node, ...change, name: node.name } : node));
}

/** The text with another name in its placeholders: `{name}`, `{name:3}`, `{name:all}`, and the same in double braces. */
function renamedIn(text: string, from: string, to: string): string {
  const [first = '', ...pieces] = text.split(`{${from}`);
  return pieces.reduce((sum, piece) => {
    const isNamed = /^(?::(?:all|\d{1,4}))?\}/.test(piece);
    return `${sum}{${isNamed ? to : from}${piece}`;
  }, first);
}

/** Gives a node another name, and tells it to whatever speaks of the node. */
export function renameNode(drawing: Drawing, key: string, to: string): Drawing {
  const from = nodeAt(drawing, key)?.name;
  if (from === undefined || from === to) return drawing;
  function follow(names: string[]): string[] {
    return names.includes(from ?? '') ? names.map((name) => (name === from ? to : name)) : names;
  }
  const renamed = mapNodes(drawing, (node, each) => ({
    ...node,
    name: each === key ? to : node.name,
    input_nodes: follow(node.input_nodes),
    output_nodes: follow(node.output_nodes),
    context: follow(node.context),
    system_prompt: renamedIn(node.system_prompt, from, to),
    user_prompt: renamedIn(node.user_prompt, from, to),
    ...withNames(
      node,
      follow,
      (name) => (name === from ? to : name),
      (text) => renamedIn(text, from, to),
    ),
  }));
  const template = renamedIn(drawing.about.end_template, from, to);
  return { ...renamed, about: { ...renamed.about, end_template: template } };
}

export function addNode(drawing: Drawing, node: GraphNode): { drawing: Drawing; key: string } {
  const key = `n${drawing.made}`;
  const nodes = [...drawing.nodes, { key, node }];
  return { drawing: { ...drawing, nodes, made: drawing.made + 1 }, key };
}

function speaksOf(node: GraphNode): string[] {
  return [...targetsOf(node), ...(node.on_error ?? [])];
}

/** Takes nodes out, and their names out of what leads to them. */
export function removeNodes(drawing: Drawing, keys: ReadonlySet<string>): Drawing {
  const gone = new Set(drawing.nodes.filter(({ key }) => keys.has(key)).map(({ node }) => node.name));
  if (gone.size === 0) return drawing;
  function left(names: string[]): string[] {
    return names.some((name) => gone.has(name)) ? names.filter((name) => !gone.has(name)) : names;
  }
  const kept = mapNodes(drawing, (node) => {
    const links = { input_nodes: left(node.input_nodes), output_nodes: left(node.output_nodes) };
    const context = left(node.context);
    const isSame =
      links.input_nodes === node.input_nodes && links.output_nodes === node.output_nodes && context === node.context;
    const isSpoken = speaksOf(node).some((name) => gone.has(name));
    const more = isSpoken
      ? withNames(
          node,
          left,
          (name) => name,
          (text) => text,
        )
      : {};
    return isSame && !isSpoken ? node : { ...node, ...links, context, ...more };
  });
  return { ...kept, nodes: kept.nodes.filter(({ key }) => !keys.has(key)) };
}

export function moveNodes(drawing: Drawing, to: ReadonlyMap<string, Point>): Drawing {
  return mapNodes(drawing, (node, key) => {
    const point = to.get(key);
    return point ? { ...node, position: { x: Math.round(point.x), y: Math.round(point.y) } } : node;
  });
}

const pasteOffset = 40;

/** Puts copies of nodes in, with the links among themselves. */
export function pasteNodes(drawing: Drawing, copied: readonly GraphNode[]): { drawing: Drawing; keys: string[] } {
  const taken = namesOf(drawing);
  const names = new Map<string, string>();
  for (const { name } of copied) {
    const free = freeName(name, taken);
    taken.add(free);
    names.set(name, free);
  }
  function within(list: string[]): string[] {
    return list.flatMap((name) => (isTerminal(name) ? [name] : (names.get(name) ?? [])));
  }
  const keys: string[] = [];
  let next = drawing;
  for (const node of copied) {
    const { x, y } = node.position ?? { x: 0, y: 0 };
    const added = addNode(next, {
      ...node,
      name: names.get(node.name) ?? node.name,
      position: { x: x + pasteOffset, y: y + pasteOffset },
      input_nodes: within(node.input_nodes),
      output_nodes: within(node.output_nodes),
      context: within(node.context),
      ...withNames(
        node,
        within,
        (name) => names.get(name) ?? name,
        (text) => text,
      ),
    });
    keys.push(added.key);
    next = added.drawing;
  }
  return { drawing: next, keys };
}
