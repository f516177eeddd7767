import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import './words.ts';

function said(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}

describe('what a value must be', () => {
  it.each([
    [z.string(), 3, 'must be a text'],
    [z.string(), undefined, 'is required'],
    [z.record(z.string(), z.string()), [], 'must be an object'],
    [z.array(z.string()), 'x', 'must be a list'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(8), 'short', 'must have at least 8 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entries'],
    [z.number().min(1), 0, 'must be at least 1'],
    [z.number().gt(0), 0, 'must be more than 0'],
    [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
    [z.enum(['a', 'b']), undefined, 'is required'],
    [z.literal('a'), 'c', 'must be a'],
    [z.strictObject({}), { odd: 1 }, 'does not know odd'],
    [z.iso.datetime(), 'x', 'must be a time such as 2024-01-31T12:00:00Z'],
    [z.union([z.string(), z.number()]), true, 'has none of the forms that it may have'],
    [z.string().min(1, 'own words'), '', 'own words'],
  ])('is said in plain words (%#)', (schema, value, words) => {
    expect(said(schema, value)).toBe(words);
  });
});
