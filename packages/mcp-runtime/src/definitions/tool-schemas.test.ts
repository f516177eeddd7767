import { expect, test } from 'vitest';
import { createIntake } from './intake.ts';
import { createNotes } from './notes.ts';

function take(over: object) {
  const intake = createIntake('tool', { left: 1_000_000 }, createNotes());
  intake.take({ name: 't', inputSchema: { type: 'object' }, ...over });
  return intake;
}

test.each([
  { inputSchema: { type: { toString: 1, valueOf: 1 } } },
  { inputSchema: { type: [{ toString: null }] } },
  { inputSchema: { oneOf: [{ type: { toString: {} } }] } },
])('a tool is withheld, and its list stays, where a type is no text: %j', (over) => {
  expect(take(over).withheld).toEqual(['t']);
});

test('patterns of an output schema are read in little time, whatever stands in them', () => {
  function property(at: number) {
    return [`p${at}`, { type: 'string', pattern: `[${'\\p{L}'.repeat(700)}${at}]` }];
  }
  const properties = Object.fromEntries(Array.from({ length: 60 }, (_, at) => property(at)));
  const begun = process.cpuUsage();
  const { items } = take({ outputSchema: { type: 'object', properties } });
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
  expect(items).toEqual([{ name: 't', inputSchema: { type: 'object' } }]);
});

test('patterns with some classes of letters are kept', () => {
  const outputSchema = { type: 'object', properties: { a: { type: 'string', pattern: '^\\p{Lu}[\\p{L}\\p{N}]*$' } } };
  expect(take({ outputSchema }).items).toEqual([{ name: 't', inputSchema: { type: 'object' }, outputSchema }]);
});
