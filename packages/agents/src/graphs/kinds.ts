import { z } from 'zod';
import { Test } from './conditions.ts';

/** The fields of nodes of the added kinds, each in a field of its own: the documented fields keep their meanings. */

const longestName = 100;
const longestRef = 256;
const longestText = 500_000;
const mostCases = 50;
export const mostItems = 1_000;
export const mostParallel = 16;
export const usualItems = 100;
export const usualParallel = 4;

const targets = z.array(z.string().min(1).max(longestName)).max(50);

export const Case = z.object({
  when: Test,
  /** The next nodes where it holds; `end` is one of them. */
  to: targets.default([]),
});

/** The first case that holds decides the next nodes. */
export const Condition = z.object({
  cases: z.array(Case).max(mostCases),
  /** Where none holds; absent: no node follows. */
  otherwise: targets.nullish(),
});
export type Condition = z.output<typeof Condition>;

export const ToolUse = z.object({
  /** Id or name. */
  server: z.string().max(longestRef).default(''),
  name: z.string().max(longestRef).default(''),
  /** Texts in it are templates. */
  arguments: z.record(z.string().max(longestRef), z.unknown()).default({}),
});
export type ToolUse = z.output<typeof ToolUse>;

export const Attempts = z.object({
  /** How often it is tried again. */
  retries: z.int().min(0).max(5).default(0),
  /** Before the first of these; each later one waits twice as long, up to half a minute. */
  wait_ms: z.int().min(0).max(30_000).default(1_000),
  /** For each try. */
  timeout_ms: z.int().min(100).max(3_600_000).nullish(),
  /** Asked where the model of the node fails before it has said anything. */
  fallback_model: z.string().max(longestRef).nullish(),
});
export type Attempts = z.output<typeof Attempts>;

const text = z.string().max(longestText).nullish();

/** The work for each item: one model, or one tool. */
export const Body = z.looseObject({
  kind: z.enum(['agent', 'tool']).nullish(),
  model_name: z.string().max(longestRef).nullish(),
  mcp_servers: z.array(z.string().max(longestRef)).max(200).nullish(),
  system_prompt: text,
  user_prompt: text,
  tool: ToolUse.nullish(),
  attempts: Attempts.nullish(),
  output_schema: z.record(z.string(), z.unknown()).nullish(),
});
export type Body = z.output<typeof Body>;

export const ForEach = z.object({
  /** A template that gives a list as JSON; absent: the inputs. */
  items: z.string().max(longestText).nullish(),
  /** Carried out for each item, as `{item}` and `{index}`. */
  body: Body.nullish(),
  /** In the place of a body: the name of a graph that is run for each item. */
  graph: z.string().max(longestName).nullish(),
  most: z.int().min(1).max(mostItems).default(usualItems),
  /** The most items at the same time. */
  parallel: z.int().min(1).max(mostParallel).default(usualParallel),
  /** The effect of an item that fails: the node fails, or the list has null there. */
  on_item_error: z.enum(['fail', 'null']).default('fail'),
});
export type ForEach = z.output<typeof ForEach>;
