import { expect, test } from 'vitest';
import { exampleOf } from './example.ts';

test('names what a tool cannot do without, as its schema has it', () => {
  const properties = {
    city: { type: 'string' },
    days: { type: 'integer', minimum: 3 },
    unit: { enum: ['celsius', 'fahrenheit'] },
    free: { type: 'string' },
  };
  expect(exampleOf({ type: 'object', properties, required: ['city', 'days', 'unit', 'unknown'] })).toEqual({
    city: '…',
    days: 3,
    unit: 'celsius',
    unknown: '…',
  });
});

test('is empty for what says nothing, and not misled by names of objects', () => {
  expect(exampleOf(null)).toEqual({});
  expect(exampleOf({ required: 'city' })).toEqual({});
  expect(exampleOf({ properties: {}, required: ['constructor', 7] })).toEqual({ constructor: '…' });
});
