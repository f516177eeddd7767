import { z } from 'zod';
import { deepestConfig, mostHandoffs, mostName, mostNames, mostNodes, mostText, mostValues } from './bounds.ts';
import type { Graph } from './types.ts';

const nameRule = 'A name has no "/", "\\" or "." and is not blank.';
const nameOf = z
  .string()
  .max(mostName)
  .refine((name) => name.trim() !== '' && !/[/\\.]/.test(name), nameRule);
const text = z.string().max(mostText);
const names = z.array(z.string().max(mostName)).max(mostNames);

/** Absent and null are the same: programs write either. */
function or<T extends z.ZodType>(shape: T, value: z.output<T>) {
  return shape.nullish().transform((given) => given ?? value);
}

const node = z.looseObject({
  name: nameOf,
  description: or(text, ''),
  model_name: or(z.string().max(mostName).nullable(), null),
  mcp_servers: or(names, []),
  system_prompt: or(text, ''),
  user_prompt: or(text, ''),
  input_nodes: or(names, []),
  output_nodes: or(names, []),
  handoffs: or(z.int().min(0).max(mostHandoffs).nullable(), null),
  global_output: or(z.boolean(), false),
  context: or(names, []),
  context_mode: or(
    z.union([z.string().max(20), z.int().positive().transform(String)]).refine(isMode, 'Write "all" or a number.'),
    'all',
  ),
  context_n: z.int().positive().optional(),
  output_enabled: or(z.boolean(), true),
  is_subgraph: or(z.boolean(), false),
  subgraph_name: or(z.string().max(mostName).nullable(), null),
  position: or(z.object({ x: z.number(), y: z.number() }).nullable(), null),
  level: or(z.int().min(0).nullable(), null),
  save: or(
    z
      .string()
      .regex(/^[a-z0-9]{1,16}$/, 'An extension has lower-case letters and digits alone.')
      .nullable(),
    null,
  ),
});

function isMode(mode: string): boolean {
  return ['all', 'latest', 'latest_n'].includes(mode) || /^[1-9]\d{0,8}$/.test(mode);
}

const shape = z.looseObject({
  name: nameOf,
  description: or(text, ''),
  nodes: z.array(node).max(mostNodes),
  end_template: or(text.nullable(), null),
});

/** A graph as it is given: what is left out has its default, and fields of others stay. */
export const graphConfig: z.ZodType<Graph> = z
  .unknown()
  .refine(isBounded, `A graph has at most ${deepestConfig} levels and ${mostValues} values.`)
  .pipe(shape);

/** Fields of others may hold anything, so that all of it is looked at, and without recursion. */
function isBounded(config: unknown): boolean {
  let level: unknown[] = [config];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (depth > deepestConfig || seen > mostValues) return false;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return true;
}
