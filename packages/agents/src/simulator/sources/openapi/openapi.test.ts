import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../types.ts';
import { benchOf, valueOf, virusTotal } from '../../testing.ts';
import { actionsFromOpenApi } from './actions.ts';
import { OpenApiError } from './document.ts';

const pets = {
  openapi: '3.0.3',
  info: { title: 'Pets', description: 'A shop', version: '1' },
  paths: {
    '/pets': {
      parameters: [{ $ref: '#/components/parameters/Limit' }],
      get: {
        operationId: 'listPets',
        summary: 'List pets',
        parameters: [
          {
            name: 'kind',
            in: 'query',
            description: 'Which',
            schema: { type: 'string', enum: ['cat', 'dog'], nullable: true },
          },
          { name: 'Authorization', in: 'header', schema: { type: 'string' } },
          { name: 'session', in: 'cookie', schema: { type: 'string' } },
        ],
        responses: {
          '404': { description: 'none' },
          '200': {
            content: {
              'text/plain': { example: 'no' },
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } },
                },
                example: { pets: [{ id: 1, name: '猫' }] },
              },
            },
          },
        },
      },
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
        },
        responses: { '201': { $ref: '#/components/responses/Made' } },
      },
    },
    '/pets/{petId}': {
      delete: { parameters: [{ name: 'petId', in: 'path', schema: { type: 'integer' } }], responses: { default: {} } },
    },
  },
  components: {
    parameters: {
      Limit: { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
    },
    responses: { Made: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } } },
    schemas: {
      Pet: {
        type: 'object',
        required: ['id', 'name'],
        properties: { id: { type: 'integer' }, name: { type: 'string' }, parent: { $ref: '#/components/schemas/Pet' } },
      },
    },
  },
};

describe('actions of an OpenAPI document', () => {
  const { actions, problems, title, description } = actionsFromOpenApi(pets);

  test('are its operations', () => {
    expect({ title, description, problems }).toEqual({ title: 'Pets', description: 'A shop', problems: [] });
    expect(actions.map(({ name, displayName, description: text }) => [name, displayName, text])).toEqual([
      ['listPets', 'List pets', 'GET /pets'],
      ['post_pets', '', 'POST /pets'],
      ['delete_pets_petId', '', 'DELETE /pets/{petId}'],
    ]);
  });

  test('take parameters and fields of the body as arguments', () => {
    expect(actions[0]?.inputSchema).toEqual({
      type: 'object',
      properties: {
        limit: { type: 'integer', exclusiveMinimum: 0 },
        kind: { type: ['string', 'null'], enum: ['cat', 'dog', null], description: 'Which' },
      },
    });
    const pet = actions[1]?.inputSchema;
    expect(pet).toMatchObject({ required: ['id', 'name'], properties: { limit: {}, id: { type: 'integer' } } });
    // What leads to itself ends.
    expect(pet).toMatchObject({ properties: { parent: {} } });
    expect(JSON.stringify(actions)).not.toContain('$ref');
    expect(actions[2]?.inputSchema).toMatchObject({ required: ['petId'] });
    expect(actions[1]?.parameters.map(({ key, type, required }) => [key, type, required])).toEqual([
      ['limit', 'Integer', false],
      ['id', 'Integer', true],
      ['name', 'String', true],
      ['parent', 'Object', false],
    ]);
  });

  test('answer with their examples, or what fits their schema', async () => {
    const bench = benchOf(virusTotal(actions));
    expect(valueOf(await bench.call('listPets', { kind: null }))).toEqual({ pets: [{ id: 1, name: '猫' }] });
    const made = await bench.call('post_pets', { id: 1, name: 'x' });
    expect(made.call).toMatchObject({ mode: 'canned', outcome: 'success' });
    expect(valueOf(made)).toMatchObject({ id: expect.any(Number), name: expect.any(String) });
    expect((await bench.call('post_pets', { id: 'x' })).reply).toMatchObject({ error: { code: -32602 } });
  });
});

function withPaths(paths: JsonObject, more: JsonObject = {}): JsonObject {
  return { openapi: '3.1.0', paths, ...more };
}

describe('what cannot be taken over is named', () => {
  test.each<[string, JsonObject, string]>([
    ['a reference to nowhere', { schema: { $ref: '#/components/schemas/None' } }, 'leads nowhere'],
    ['one to elsewhere', { schema: { $ref: 'https://example.com/x.json' } }, 'leads out of the document'],
    ['one in a circle', { schema: { $ref: '#/x/a' } }, 'leads in a circle'],
    ['an example that does not fit', { schema: { type: 'string' }, example: 3 }, 'does not fit'],
  ])('%s', (_name, media, message) => {
    const document = withPaths(
      { '/a': { get: { responses: { '200': { content: { 'application/json': media } } } } } },
      { x: { a: { $ref: '#/x/b' }, b: { $ref: '#/x/a' } } },
    );
    const { actions, problems } = actionsFromOpenApi(document);
    expect(problems).toEqual([{ where: 'GET /a', message: expect.stringContaining(message) }]);
    expect(actions).toHaveLength(1);
  });

  test('names are unique, whatever they were', () => {
    const get = { operationId: 'a b/ü', responses: {} };
    const { actions } = actionsFromOpenApi(withPaths({ '/a': { get }, '/b': { get, post: {} }, '/': { get: {} } }));
    expect(actions.map(({ name }) => name)).toEqual(['a_b', 'a_b_2', 'post_b', 'get']);
  });
});

describe('what is no document, or too much of one', () => {
  test.each([null, [], 'openapi', {}, { swagger: '2.0' }, { openapi: '4.0.0' }, { openapi: '3.10' }, { openapi: 3.1 }])(
    '%j',
    (document) => {
      expect(() => actionsFromOpenApi(document)).toThrow(OpenApiError);
    },
  );

  test('size and depth', () => {
    expect(() => actionsFromOpenApi(withPaths({}, { x: 'x'.repeat(10 * 1024 * 1024) }))).toThrow('more than');
    expect(() => actionsFromOpenApi(withPaths({}, { x: Array.from({ length: 4_000_000 }, () => 1) }))).toThrow(
      'more than',
    );
    let deep: unknown = 1;
    for (let level = 0; level < 300; level += 1) deep = { deep };
    expect(() => actionsFromOpenApi(withPaths({}, { deep }))).toThrow('nested deeper');
    // As YAML names one value again and again.
    let laughs: unknown = 'lol';
    for (let level = 0; level < 30; level += 1) laughs = [laughs, laughs, laughs, laughs];
    expect(() => actionsFromOpenApi(withPaths({}, { laughs }))).toThrow('more than');
  });

  test('schemas that grow with each reference', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 20 }, (_each, at) => [
        `S${at}`,
        {
          description: 'x'.repeat(2000),
          properties: Object.fromEntries(
            ['a', 'b', 'c'].map((key) => [key, { $ref: `#/components/schemas/S${at + 1}` }]),
          ),
        },
      ]),
    );
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } };
    const paths = Object.fromEntries(
      Array.from({ length: 50 }, (_each, at) => [`/p${at}`, { get: { responses: { '200': { content } } } }]),
    );
    const { actions, problems } = actionsFromOpenApi(withPaths(paths, { components: { schemas } }));
    expect(actions).toHaveLength(50);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(actions).length).toBeLessThan(17_000_000);
  });

  test('more operations than there may be', () => {
    const paths = Object.fromEntries(Array.from({ length: 12 }, (_each, at) => [`/p${at}`, { get: {} }]));
    const { actions, problems } = actionsFromOpenApi(withPaths(paths), { operations: 10 });
    expect(actions).toHaveLength(10);
    expect(problems).toHaveLength(1);
  });
});
