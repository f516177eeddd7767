import { z } from 'zod';
import { isObject } from '@switchboard/basics';

/** The levels that are checked; the input of no route has as many. */
const deepest = 16;

const wrappers = [z.ZodOptional, z.ZodExactOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault];

/** The schema of a present value, below the wrappers that make it optional or transform it. */
function below(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return below(schema.in);
  const wrapper = wrappers.find((kind) => schema instanceof kind);
  return wrapper ? below((schema as z.ZodOptional).unwrap()) : schema;
}

/** Whether null counts as absent: the field is optional, and null is no value of it. */
function isAbsent(schema: unknown): boolean {
  return schema instanceof z.ZodType && schema._zod.optin !== undefined && !schema.safeParse(null).success;
}

function inObject(schema: z.ZodObject, value: Record<string, unknown>, depth: number): Record<string, unknown> {
  const shape: Record<string, unknown> = schema.shape;
  const entries = Object.entries(value).flatMap(([key, entry]): [string, unknown][] => {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return entry === null && isAbsent(field) ? [] : [[key, withoutNulls(field, entry, depth + 1)]];
  });
  return Object.fromEntries(entries);
}

/**
 * An input without the nulls that count as absent fields, at every level that the schema describes. Clients with typed
 * models send null for each optional field without a value. Null stays where it is a value (`parentGroup`), where a
 * field is required, and in values that a schema leaves open (arguments of a tool).
 */
export function withoutNulls(schema: unknown, value: unknown, depth = 0): unknown {
  if (depth > deepest || typeof value !== 'object' || value === null) return value;
  const inner = below(schema);
  if (inner instanceof z.ZodObject && isObject(value)) return inObject(inner, value, depth);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((entry: unknown) => withoutNulls(inner.element, entry, depth + 1));
  }
  return value;
}
