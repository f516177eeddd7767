import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { findProblem } from './to-problem.ts';

const places = { path: [], query: [], body: null, isBodyless: false, names: {} };

/** The issues of an input that must be `{ env: { [name]: string }, name: string }`. */
function issuesOf(input: unknown) {
  const { error } = z.object({ env: z.record(z.string(), z.string()), name: z.string() }).safeParse(input);
  return findProblem(new TRPCError({ code: 'BAD_REQUEST', cause: error }), places, input)?.issues ?? [];
}

test('a field is missing where the input has none, however long its key', () => {
  const issues = issuesOf({ env: { ['K'.repeat(5000)]: 5 } });
  expect(issues.map(({ missing }) => missing)).toEqual([false, true]);
  expect(issues.map(({ path }) => path)).toEqual([['env', `${'K'.repeat(100)}…`], ['name']]);
});

test('what says how many more issues there are names no field', () => {
  const env = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`K${at}`, at]));
  expect(issuesOf({ env, name: 'x' }).at(-1)).toEqual({
    in: 'body',
    path: [],
    message: '10 more values are not valid.',
    code: 'custom',
    missing: false,
  });
});
