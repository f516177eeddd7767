import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readCatalog } from '../../packages/mcp-runtime/src/catalog.ts';
import type { Catalog, JsonObject } from '../../packages/mcp-runtime/src/types.ts';
import { compileView } from '../../packages/mcp-runtime/src/view.ts';
import { goodTool, strictClients, understood } from '../support/mcp/strict.ts';

/** Whatever one server lists, the official clients accept the lists that it shares with others. */

// The clients and their validator tell of each thing that they pass by.
beforeAll(() => {
  for (const level of ['debug', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
});

const keywords = [
  '$anchor',
  '$async',
  '$defs',
  '$dynamicAnchor',
  '$id',
  '$ref',
  '$schema',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'contains',
  'default',
  'definitions',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'description',
  'else',
  'enum',
  'examples',
  'exclusiveMinimum',
  'format',
  'id',
  'if',
  'items',
  'maxItems',
  'minLength',
  'minimum',
  'multipleOf',
  'not',
  'nullable',
  'oneOf',
  'pattern',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'then',
  'title',
  'type',
  'unevaluatedProperties',
  'uniqueItems',
  'x-mcp-header',
];
const fieldNames = [
  '_meta',
  'annotations',
  'arguments',
  'description',
  'execution',
  'icons',
  'inputSchema',
  'mimeType',
  'name',
  'outputSchema',
  'size',
  'title',
  'uri',
  'uriTemplate',
];

const words = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -1,
  1.5,
  '',
  'x',
  'object',
  'Object',
  'string',
  'int',
  '#',
  '#/properties/a',
  '#/$defs/gone',
  'http://a.example/s',
  '^[',
  '(?<a>x)',
  '2025-01-01T00:00:00Z',
  '2025-02-30T00:00:00Z',
  [],
  {},
  ['object', 'null'],
  ['a'],
  ['a', 1],
  { a: true, b: false, c: null },
  { $id: 'x' },
  { $anchor: 'x' },
  { src: 'x', theme: 'pink' },
  { name: 'a', required: 'yes' },
  { taskSupport: 'always' },
  { audience: ['nobody'], priority: 7, lastModified: 'today', title: null, readOnlyHint: 'no' },
);

const { schema, value } = fc.letrec<{ schema: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { weight: 4, arbitrary: words },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 3, arbitrary: tie('schema') },
    { weight: 1, arbitrary: fc.array(tie('schema'), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '^x'), tie('schema'), { maxKeys: 2 }),
    },
  ),
  schema: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant<unknown>({ type: 'object' }),
    fc.dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 4 }),
    fc
      .dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 3 })
      .map((fields) => ({ type: 'object', ...fields })),
  ),
}));

const item = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom<JsonObject>(
          {},
          { name: 'a', uri: 'x://a', uriTemplate: 'x://{a}', inputSchema: { type: 'object' } },
        ),
        fc.dictionary(fc.constantFrom(...fieldNames), value, { maxKeys: 4 }),
        fc.constantFrom<JsonObject>({}, { name: 'a' }, { name: 'b' }, { uri: 'x://b' }),
      )
      .map(([base, odd, name]): unknown => ({ ...base, ...odd, ...name })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(schema, schema)
      .map(([inputSchema, outputSchema]) => goodTool('s', { inputSchema, outputSchema })),
  },
);

const identity = {
  protocolVersion: '2025-11-25',
  supportedVersions: ['2025-11-25'],
  serverInfo: { name: 'odd', version: '1' },
  capabilities: { tools: {}, prompts: {}, resources: {} } as JsonObject,
  instructions: null,
};

/** As the hub reads it: what a server wrote went through JSON once. */
function parsed(raw: unknown): JsonObject {
  return JSON.parse(JSON.stringify(raw)) as JsonObject;
}

function read(lists: JsonObject, said: Partial<typeof identity> = {}): Promise<Catalog> {
  return readCatalog(
    { ...identity, ...said },
    async () => parsed(lists),
    null,
    () => undefined,
  );
}

const good = await read({
  tools: [goodTool('good')],
  prompts: [{ name: 'good' }],
  resources: [{ name: 'good', uri: 'good://1' }],
  resourceTemplates: [{ name: 'good', uriTemplate: 'good://{id}' }],
});

function sharedView(odd: Catalog) {
  const servers = ['odd', 'good'].map((serverId) => ({ serverId, overrides: {} }));
  return compileView({ endpoint: 'all', title: 'all', prefixed: true, servers }, (id) => (id === 'odd' ? odd : good));
}

function ownView(odd: Catalog) {
  return compileView(
    { endpoint: 'odd', title: 'odd', prefixed: false, servers: [{ serverId: 'odd', overrides: {} }] },
    () => odd,
  );
}

describe.each(strictClients)('%s', (kind) => {
  test('accepts every list that an odd server shares with a good one', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 6 }), async (items) => {
        const odd = await read({ tools: items, prompts: items, resources: items, resourceTemplates: items });
        const lists = await understood(sharedView(odd), kind);
        expect(lists.tools).toContain('good__good');
        expect(lists.prompts).toContain('good__good');
        expect(lists.resources).toContain('good://1');
        expect(lists.resourceTemplates).toContain('good://{id}');
        // x-mcp-header is a rule of its own: a client of 2026 leaves such tools out and says so.
        if (kind !== 'v2-modern') {
          expect(lists.tools).toHaveLength(odd.tools.length - (odd.withheld?.length ?? 0) + 1);
        }
        expect(lists.resources).toHaveLength(odd.resources.length + 1);
      }),
      { numRuns: 400 },
    );
  });

  test('accepts how an odd server presents itself at its own endpoint', { timeout: 300_000 }, async () => {
    const capability = fc.constantFrom(
      'tools',
      'prompts',
      'resources',
      'logging',
      'completions',
      'tasks',
      'experimental',
      'extensions',
      'x-other',
    );
    const info = fc.dictionary(
      fc.constantFrom('name', 'version', 'title', 'icons', 'websiteUrl', 'description'),
      value,
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(capability, value), info, async (capabilities, serverInfo) => {
        const odd = await read({ tools: [goodTool('a')] }, parsed({ capabilities, serverInfo }));
        const lists = await understood(ownView(odd), kind);
        expect(lists.tools).toEqual(['a']);
      }),
      { numRuns: 200 },
    );
  });
});
