import { z } from 'zod';
import { operators } from './conditions.ts';
import { Attempts, Condition, ForEach, ToolUse } from './kinds.ts';

export { operators };

/** Nodes of one graph, sub-graphs put in. */
export const mostNodes = 5_000;
const mostLinks = 1_000;
const longestName = 100;
const longestText = 500_000;
const mostBytes = 8 * 1024 * 1024;
const mostDepth = 32;

/** Pseudo-nodes: where the input comes from, and where a run ends. */
export const reservedNodes: ReadonlySet<string> = new Set(['start', 'end']);

export const nodeKinds = ['agent', 'human', 'condition', 'tool', 'each'] as const;
export const askedFor = ['approve', 'edit', 'answer'] as const;

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const plainName = /^[^\u0000-\u001f\u007f/\\.]+$/;

function or<Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) {
  return schema.nullish().transform((value): z.output<Schema> => value ?? fallback);
}

const text = or(z.string().max(longestText), '');
const links = or(z.array(z.string().max(longestName)).max(mostLinks), []).transform((names) => [...new Set(names)]);

const contextMode = z
  .union([z.string().max(16), z.int().min(1).max(mostNodes)])
  .transform(String)
  .refine(
    (mode) => ['all', 'latest', 'latest_n'].includes(mode) || /^[1-9]\d{0,3}$/.test(mode),
    "must be 'all' or a positive number",
  );

const name = z.string().min(1, 'must not be empty').max(longestName, `must be at most ${longestName} characters`);

/** The rule for names of nodes; `start` and `end` are reserved besides. */
export const NodeName = name.regex(plainName, "must be one line without '/', '\\' and '.'");

export const GraphNode = z.looseObject({
  name: NodeName,
  /**
   * `human`: a person answers instead of a model; `condition`: outputs before it decide the next nodes; `tool`: a tool
   * is called without a model; `each`: a body runs for each item of a list. Absent: `agent`.
   */
  kind: z.enum(nodeKinds).nullish(),
  /** The task of a person: to approve the prompt, to edit it, or to answer it. Absent: `answer`. */
  ask: z.enum(askedFor).nullish(),
  condition: Condition.nullish(),
  tool: ToolUse.nullish(),
  each: ForEach.nullish(),
  /** How often and how long it is tried. */
  attempts: Attempts.nullish(),
  /** The next nodes where this one fails, instead of its usual ones. */
  on_error: z.array(z.string().min(1).max(longestName)).max(50).nullish(),
  /** JSON Schema of what the model answers. */
  output_schema: z.record(z.string(), z.unknown()).nullish(),
  description: text,
  model_name: or(z.string().max(256), ''),
  mcp_servers: or(z.array(z.string().max(256)).max(200), []),
  system_prompt: text,
  user_prompt: text,
  input_nodes: links,
  output_nodes: links,
  handoffs: or(z.int().min(0).max(1_000), 0),
  global_output: or(z.boolean(), false),
  context: links,
  context_mode: or(contextMode, 'all'),
  context_n: or(z.int().min(1).max(mostNodes), 1),
  output_enabled: or(z.boolean(), true),
  is_subgraph: or(z.boolean(), false),
  subgraph_name: or(z.string().max(longestName), ''),
  position: z.looseObject({ x: z.number(), y: z.number() }).nullish(),
  level: z.int().min(0).nullish(),
  save: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/, 'must be the extension of a file')
    .transform((extension) => extension.toLowerCase())
    .nullish(),
});
/** A node as it is written; the documented fields, and whatever else its author keeps in it. */
export type GraphNode = z.output<typeof GraphNode>;

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < mostDepth && Object.values(value).every((entry) => isShallow(entry, depth + 1));
}

/** Reads a graph: missing fields get their defaults, fields that nobody knows stay. */
export const graphConfig = z
  .looseObject({
    name,
    description: text,
    nodes: z.array(GraphNode).max(mostNodes, `must be at most ${mostNodes} nodes`),
    end_template: or(z.string().max(longestText), ''),
  })
  .refine((graph) => isShallow(graph), `must be at most ${mostDepth} levels deep`)
  .refine((graph) => JSON.stringify(graph).length <= mostBytes, 'must be at most 8 MB as JSON');
/** A graph of agents. */
export type Graph = z.output<typeof graphConfig>;

/** A node of a graph without sub-graphs; its name may hold dots: `sub.child`. */
export type FlatNode = GraphNode & {
  level: number;
  /** The graph for each item, of nodes of the kind `each`. */
  inner?: FlatGraph;
};
export interface FlatGraph {
  name: string;
  description: string;
  nodes: FlatNode[];
  end_template: string;
  [more: string]: unknown;
}
