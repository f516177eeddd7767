import { expect, test } from 'vitest';
import { z } from 'zod';
import { withoutNulls } from './nulls.ts';

const schema = z.object({
  name: z.string(),
  note: z.string().optional(),
  exact: z.string().exactOptional(),
  limit: z.int().default(5),
  settings: z.object({ open: z.boolean().default(false) }).prefault({}),
  parent: z.string().nullable().optional(),
  never: z.never().optional(),
  list: z.array(z.object({ tag: z.string().optional() })).optional(),
  open: z.record(z.string(), z.unknown()).default({}),
  piped: z
    .string()
    .transform((text) => text.length)
    .optional(),
});

function read(value: unknown) {
  return schema.parse(withoutNulls(schema, value));
}

test('null stands for each field that may be absent', () => {
  const nothing = { note: null, exact: null, limit: null, settings: null, never: null, list: null, open: null };
  expect(read({ name: 'a', ...nothing, piped: null })).toEqual({
    name: 'a',
    limit: 5,
    settings: { open: false },
    open: {},
  });
});

test('below too, in objects and lists', () => {
  expect(read({ name: 'a', settings: { open: null }, list: [{ tag: null }, { tag: 'b' }] })).toMatchObject({
    settings: { open: false },
    list: [{}, { tag: 'b' }],
  });
});

test('null stays where it is a value, and where the schema leaves things open', () => {
  expect(read({ name: 'a', parent: null, open: { x: null } })).toMatchObject({ parent: null, open: { x: null } });
});

test('null is no value of a required field, nor one instead of an object', () => {
  expect(() => read({ name: null })).toThrow();
  expect(withoutNulls(schema, null)).toBeNull();
  expect(withoutNulls(z.string(), { a: null })).toEqual({ a: null });
});

test('what is nested deeper than any input is left as it is', () => {
  const deep: z.ZodType = z.object({ note: z.string().optional(), next: z.lazy(() => deep).optional() });
  let value: unknown = { note: null };
  for (let level = 0; level < 10_000; level += 1) value = { next: value };
  expect(() => withoutNulls(deep, value)).not.toThrow();
});
