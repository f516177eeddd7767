import { describe, expect, test } from 'vitest';
import type { ItemType, JsonObject } from '../types.ts';
import { tidyIdentity } from './identity.ts';
import { createIntake } from './intake.ts';
import { createNotes, noteLines } from './notes.ts';
import { schemaFault } from './schema-fault.ts';

function take(type: ItemType, ...raw: JsonObject[]) {
  const notes = createNotes();
  const intake = createIntake(type, { left: 1_000_000 }, notes);
  for (const item of raw) intake.take(item);
  return { items: intake.items, withheld: intake.withheld, notes: notes.list() };
}

const object = { type: 'object' };
function tool(over: JsonObject = {}): JsonObject {
  return { name: 't', inputSchema: object, ...over };
}
function input(inputSchema: unknown) {
  return take('tool', { name: 't', inputSchema });
}

describe('a tool', () => {
  test('that is in order is the same object', () => {
    const good = tool({
      title: 'T',
      description: 'd',
      icons: [{ src: 'data:,', sizes: ['48x48'], theme: 'dark' }],
      annotations: { readOnlyHint: true, 'x-own': 1 },
      outputSchema: { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'string' } } },
      execution: { taskSupport: 'optional' },
      _meta: { 'x/y': null },
      'x-own': null,
    });
    const { items, notes } = take('tool', good);
    expect(items[0]).toBe(good);
    expect(notes).toEqual([]);
  });

  test.each([
    ['missing', undefined],
    ['null', null],
    ['true', true],
    ['an empty list', []],
  ])('takes any object where its schema is %s', (_what, schema) => {
    const { items, notes } = input(schema);
    expect(items).toEqual([tool()]);
    expect(notes).toEqual([{ type: 'tool', name: 't', effect: 'changed', reason: 'input-missing', detail: null }]);
  });

  test.each<[string, JsonObject, JsonObject?]>([
    ['nothing', {}],
    ['null', { type: null, properties: {} }],
    ['several types', { type: ['object', 'null'], required: ['a'] }],
    ['it in capitals', { type: 'OBJECT' }],
    ['branches', { oneOf: [object, { type: 'string' }], description: 'd' }],
    ['branches without a type', { anyOf: [{ required: ['a'] }, { required: ['b'] }] }],
    ['a reference', { $ref: '#/$defs/a', $defs: { a: object } }],
  ])('whose schema says %s as its type is of an object, and all else stays', (_what, schema) => {
    const { items, withheld } = input(schema);
    expect(items).toEqual([tool({ inputSchema: { ...schema, type: 'object' } })]);
    expect(withheld).toEqual([]);
  });

  test.each([
    [{ properties: null }, {}],
    [{ properties: [] }, {}],
    [
      { properties: { a: true, b: false, c: null, d: { type: 'x' } } },
      { properties: { a: {}, b: { not: {} }, c: {}, d: { type: 'x' } } },
    ],
    [{ required: true }, {}],
    [{ required: ['a', 1] }, {}],
    [{ $schema: 7 }, {}],
  ])('with %j in its schema has %j', (odd, tidy) => {
    expect(input({ ...object, ...odd }).items).toEqual([tool({ inputSchema: { ...object, ...tidy } })]);
  });

  test.each([
    false,
    'object',
    7,
    [object],
    { type: 'string' },
    { type: ['string', 'null'] },
    { oneOf: [{ type: 'string' }, { type: 'array' }] },
    { allOf: [object, { type: 'string' }] },
    { type: 'object', properties: [{ name: 'a' }] },
  ])('with the schema %j is withheld as it is', (schema) => {
    const { items, withheld, notes } = input(schema);
    expect(items).toEqual([{ name: 't', inputSchema: schema }]);
    expect(withheld).toEqual(['t']);
    expect(notes).toEqual([{ type: 'tool', name: 't', effect: 'withheld', reason: 'input-unusable', detail: null }]);
  });

  test.each([
    [{ type: 'array' }, 'it describes no object'],
    [null, 'null'],
    ['x', 'it is no object'],
    [{ ...object, properties: { v: { $ref: '#/$defs/Gone' } } }, '/properties/v/$ref leads nowhere'],
    [{ ...object, properties: { v: { type: 'int' } } }, '/properties/v/type must be a type of JSON'],
    [{ ...object, properties: { v: { pattern: '[' } } }, '/properties/v/pattern is no regular expression'],
    [{ ...object, minProperties: '1' }, '/minProperties must be a number'],
    [{ ...object, properties: { v: { $id: 'http://other.example/' } } }, '/properties/v/$id is not supported'],
  ])('loses the output schema %j', (outputSchema, detail) => {
    const { items, notes } = take('tool', tool({ outputSchema }));
    expect(items).toEqual([tool()]);
    expect(notes).toEqual([{ type: 'tool', name: 't', effect: 'changed', reason: 'output-invalid', detail }]);
  });

  test('cannot have its output checked by the schema of another', () => {
    const outputSchema = { $id: 'http://one.example/', type: 'object' };
    expect(take('tool', tool({ outputSchema })).items).toEqual([tool({ outputSchema: object })]);
  });

  test('keeps an output schema that clients can use', () => {
    const outputSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { list: { type: 'array', items: { $ref: '#' } }, id: { type: ['string', 'null'], pattern: '^a+$' } },
      additionalProperties: false,
      required: ['id'],
    };
    expect(schemaFault(outputSchema)).toBeNull();
    expect(take('tool', tool({ outputSchema })).items[0]?.['outputSchema']).toBe(outputSchema);
  });
});

describe('odd fields', () => {
  test.each<[ItemType, JsonObject, JsonObject]>([
    ['tool', { title: null, description: 5, annotations: null, icons: null, _meta: null, execution: 'x' }, {}],
    ['tool', { annotations: { title: null, readOnlyHint: 'no', own: 1 } }, { annotations: { own: 1 } }],
    ['tool', { icons: [null, { src: 5 }, { src: 'x', sizes: '48x48', theme: 'pink' }] }, { icons: [{ src: 'x' }] }],
    ['prompt', { arguments: null }, {}],
    ['prompt', { arguments: { a: {} } }, {}],
    [
      'prompt',
      { arguments: [null, {}, { name: 'a', required: 'yes', description: null }] },
      { arguments: [{ name: 'a' }] },
    ],
    [
      'resource',
      { mimeType: null, size: '12', annotations: { priority: 7, lastModified: 'today' } },
      { annotations: {} },
    ],
    ['resource', { size: Number.POSITIVE_INFINITY }, {}],
    ['template', { mimeType: 5, annotations: { audience: ['user', 'nobody'] } }, { annotations: {} }],
  ])('of a %s: %j becomes %j', (type, odd, tidy) => {
    const base = { name: 't', uri: 'x:1', uriTemplate: 'x:{a}', inputSchema: object };
    expect(take(type, { ...base, ...odd }).items).toEqual([{ ...base, ...tidy }]);
  });

  test('a resource without a name is called by its title, else its URI', () => {
    const { items } = take('resource', { uri: 'x:1' }, { uri: 'x:2', title: 'Two', name: null });
    expect(items).toEqual([
      { uri: 'x:1', name: 'x:1' },
      { uri: 'x:2', title: 'Two', name: 'Two' },
    ]);
  });
});

test('a server without a usable name has none, and odd capabilities are mended', () => {
  const notes = createNotes();
  const said = {
    protocolVersion: '2025-11-25',
    supportedVersions: [],
    serverInfo: { version: '1' },
    capabilities: {
      tools: null,
      logging: null,
      prompts: { listChanged: 'yes' },
      tasks: 1,
      own: null,
      experimental: { a: 1 },
    },
    instructions: 'x'.repeat(100_000),
  };
  const tidy = tidyIdentity(said, notes);
  expect(tidy).toMatchObject({ serverInfo: {}, capabilities: { tools: {}, prompts: {}, own: null, experimental: {} } });
  expect(Object.keys(tidy.capabilities)).toEqual(['tools', 'prompts', 'own', 'experimental']);
  expect(tidy.instructions).toHaveLength(64 * 1024);
  expect(notes.list().map(({ reason, detail }) => detail ?? reason)).toEqual([
    'instructions-cut',
    'capabilities.tools',
    'capabilities.logging',
    'capabilities.prompts',
    'capabilities.tasks',
    'capabilities.experimental',
    'serverInfo',
  ]);
});

test('a log tells of all items of one kind in one line', () => {
  const names = Array.from({ length: 8 }, (_, index) => ({ name: `t${index}` }));
  const { notes } = take('tool', ...names, { name: 'bad', inputSchema: false }, { name: 'bad' });
  expect(noteLines(notes)).toEqual([
    {
      level: 'info',
      text: 'Tools "t0", "t1", "t2", "t3", "t4" and 3 more: it has no inputSchema, and takes any object',
    },
    {
      level: 'warn',
      text: 'Tool "bad": its inputSchema describes no object, which strict clients refuse together with all other tools: withheld from endpoints of several servers',
    },
    { level: 'warn', text: 'Tool "bad": it is listed twice, and the first counts: left out' },
  ]);
});
