import { renamedTest } from './conditions.ts';
import type { Body } from './kinds.ts';
import type { GraphNode } from './schema.ts';

/** The new names for the names that a node uses; one may become several. */
export interface Renaming {
  /** Of the node itself. */
  name: string;
  inputs(name: string): readonly string[];
  /** Of nodes that it leads to. */
  next(name: string): readonly string[];
  context(name: string): readonly string[];
  template(text: string): string;
}

/** Texts in a value of JSON, changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapTexts(entry, change)]));
}

type Worded = Pick<Body, 'system_prompt' | 'user_prompt' | 'tool'>;

function withTexts<Part extends Worded>(part: Part, change: (text: string) => string): Part {
  const { system_prompt: system, user_prompt: user, tool } = part;
  return {
    ...part,
    ...(typeof system === 'string' && { system_prompt: change(system) }),
    ...(typeof user === 'string' && { user_prompt: change(user) }),
    ...(tool && { tool: { ...tool, arguments: mapTexts(tool.arguments, change) } }),
  };
}

/** A node with all names in it as they are elsewhere. */
export function renamedNode<Node extends GraphNode>(
  node: Node,
  { name, inputs, next, context, template }: Renaming,
): Node {
  const { condition, each, on_error: onError } = node;
  function all(names: readonly string[], to: (name: string) => readonly string[]): string[] {
    return [...new Set(names.flatMap(to))];
  }
  return {
    ...withTexts(node, template),
    name,
    input_nodes: all(node.input_nodes, inputs),
    output_nodes: all(node.output_nodes, next),
    context: all(node.context, context),
    ...(onError && { on_error: all(onError, next) }),
    ...(condition && {
      condition: {
        ...condition,
        cases: condition.cases.map(({ when, to }) => ({
          when: renamedTest(when, (tested) => inputs(tested)[0] ?? tested),
          to: all(to, next),
        })),
        ...(condition.otherwise && { otherwise: all(condition.otherwise, next) }),
      },
    }),
    ...(each && {
      each: {
        ...each,
        ...(typeof each.items === 'string' && { items: template(each.items) }),
        ...(each.body && { body: withTexts(each.body, template) }),
      },
    }),
  };
}

/** All texts of a node that may contain placeholders. */
export function templatesOf({ system_prompt: system, user_prompt: user, tool, each }: GraphNode): string[] {
  const texts: string[] = [];
  function add(text: string | null | undefined) {
    if (text) texts.push(text);
    return '';
  }
  function addTool(given: GraphNode['tool']) {
    if (given) mapTexts(given.arguments, add);
  }
  for (const text of [system, user, each?.items, each?.body?.system_prompt, each?.body?.user_prompt]) add(text);
  addTool(tool);
  addTool(each?.body?.tool);
  return texts;
}
