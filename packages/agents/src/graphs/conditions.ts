import { z } from 'zod';

/** How a value is compared. */
export const operators = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'contains', 'exists'] as const;
export type Operator = (typeof operators)[number];

const deepest = 12;
const mostParts = 20;
const longestPath = 200;
const longestValue = 1_000;

/** A test of an output: data that is never run as code. */
export interface Test {
  /** All of these hold, one of them does, or this one does not. */
  all?: Test[] | null | undefined;
  any?: Test[] | null | undefined;
  not?: Test | null | undefined;
  /** The node whose output is tested; absent: the first input of the condition. */
  node?: string | null | undefined;
  /** Names and numbers that lead into the output as JSON, with dots between them: `items.0.kind`. Absent: all of it. */
  path?: string | null | undefined;
  op?: Operator | null | undefined;
  /** Compared with; `exists` needs none. */
  value?: string | number | boolean | null | undefined;
}

const scalar = z.union([z.string().max(longestValue), z.number(), z.boolean(), z.null()], {
  error: `must be a text of at most ${longestValue} characters, a number, true, false or null`,
});

const OneTest: z.ZodType<Test> = z
  .strictObject({
    get all() {
      return z.array(OneTest).min(1).max(mostParts).nullish();
    },
    get any() {
      return z.array(OneTest).min(1).max(mostParts).nullish();
    },
    get not() {
      return OneTest.nullish();
    },
    node: z.string().min(1).max(100).nullish(),
    path: z.string().max(longestPath).nullish(),
    op: z.enum(operators).nullish(),
    value: scalar.nullish(),
  })
  .refine(
    ({ all, any, not, op }) => [all, any, not, op].filter((part) => part !== null && part !== undefined).length === 1,
    "must have exactly one of 'op', 'all', 'any' and 'not'",
  )
  .refine(({ op, value }) => op == null || op === 'exists' || value !== undefined, "needs a 'value' to compare with");

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((entry) => isWithin(entry, depth - 1));
}

// Its depth is checked first: reading recurses as deep as the value.
export const Test = z
  .unknown()
  .refine((value) => isWithin(value, deepest), 'is nested too deep')
  .pipe(OneTest);

/** Looks a value up in an output: its parts are names of fields and numbers of entries. Undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  let at = value;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function isSame(found: unknown, wanted: unknown): boolean {
  if (found === wanted) return true;
  // Texts that models write may be numbers or true.
  const word = typeof found === 'string' || typeof wanted === 'string' ? wordOf(found) : undefined;
  return word !== undefined && word === wordOf(wanted);
}

function comparison(found: unknown, wanted: unknown): number {
  const isComparable =
    (typeof found === 'number' && typeof wanted === 'number') ||
    (typeof found === 'string' && typeof wanted === 'string');
  if (!isComparable || found === wanted) return isComparable ? 0 : NaN;
  return (found as string) < (wanted as string) ? -1 : 1;
}

function has(found: unknown, wanted: unknown): boolean {
  if (typeof found === 'string') return found.includes(String(wanted));
  return Array.isArray(found) && found.some((entry) => isSame(entry, wanted));
}

function compares(op: Operator, found: unknown, wanted: unknown): boolean {
  switch (op) {
    case 'eq':
      return isSame(found, wanted);
    case 'ne':
      return found !== undefined && !isSame(found, wanted);
    case 'lt':
      return comparison(found, wanted) < 0;
    case 'le':
      return comparison(found, wanted) <= 0;
    case 'gt':
      return comparison(found, wanted) > 0;
    case 'ge':
      return comparison(found, wanted) >= 0;
    case 'contains':
      return has(found, wanted);
    case 'exists':
      return found !== undefined && found !== null;
  }
}

/** Whether a test holds; a missing value is equal to none, and less and greater than none. */
export function holds(test: Test, valueOf: (node: string | null, path: string) => unknown): boolean {
  const { all, any, not, op, node = null, path, value } = test;
  if (all) return all.every((one) => holds(one, valueOf));
  if (any) return any.some((one) => holds(one, valueOf));
  if (not) return !holds(not, valueOf);
  return op != null && compares(op, valueOf(node, path ?? ''), value);
}

/** The nodes whose outputs are asked about. */
export function testedIn({ all, any, not, node }: Test): string[] {
  return [...(all ?? []), ...(any ?? []), ...(not ? [not] : [])].flatMap(testedIn).concat(node == null ? [] : [node]);
}

/** The same test of nodes that are called something else. */
export function renamedTest(test: Test, to: (name: string) => string): Test {
  const { all, any, not, node } = test;
  return {
    ...test,
    ...(all && { all: all.map((one) => renamedTest(one, to)) }),
    ...(any && { any: any.map((one) => renamedTest(one, to)) }),
    ...(not && { not: renamedTest(not, to) }),
    ...(node != null && { node: to(node) }),
  };
}
