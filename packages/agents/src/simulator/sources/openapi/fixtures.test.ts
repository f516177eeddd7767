import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../types.ts';
import { actionsFromOpenApi } from './actions.ts';
import { openApiBounds } from './document.ts';

/** Small, of 3.0: forms of the older version such as `nullable` and an exclusive bound that is a boolean. */
const small = {
  openapi: '3.0.1',
  info: { title: 'Library', version: '2' },
  paths: {
    '/books/{isbn}': {
      get: {
        operationId: 'readBook',
        parameters: [{ name: 'isbn', in: 'path', required: true, schema: { type: 'string', minLength: 10 } }],
        responses: { 200: { description: 'A book', content: { 'application/json': { schema: book30() } } } },
      },
      delete: { operationId: 'removeBook', responses: { 204: { description: 'Gone' } } },
    },
    '/loans': {
      post: {
        operationId: 'lend',
        requestBody: {
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['isbn'],
                properties: {
                  isbn: { type: 'string' },
                  days: { type: 'integer', minimum: 0, exclusiveMinimum: true },
                  note: { type: 'string', nullable: true },
                },
              },
            },
          },
        },
        responses: { default: { description: 'Whatever comes' } },
      },
    },
  },
};

function book30(): JsonObject {
  return { type: 'object', properties: { title: { type: 'string' }, year: { type: 'integer' } }, required: ['title'] };
}

/** Large, as those of clouds are: many operations over many schemas that name each other. */
function large(operations: number): JsonObject {
  const schemas = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [
      `Thing${at}`,
      {
        type: 'object',
        properties: { id: { type: 'integer' }, next: { $ref: `#/components/schemas/Thing${(at + 1) % 500}` } },
      },
    ]),
  );
  const paths = Object.fromEntries(
    Array.from({ length: operations }, (_, at) => {
      const content = { 'application/json': { schema: { $ref: `#/components/schemas/Thing${at % 500}` } } };
      const operation = {
        operationId: `getThing${at}`,
        summary: `Reads thing ${at}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 200: { description: 'It', content } },
      };
      return [`/things-${at}/{id}`, { get: operation }];
    }),
  );
  return { openapi: '3.0.3', info: { title: 'Cloud', version: '1' }, paths, components: { schemas } };
}

/** Of 3.1, with types in lists, schemas that hold themselves, and references that lead nowhere. */
const newer = {
  openapi: '3.1.0',
  info: { title: 'Tree', version: '1' },
  paths: {
    '/nodes': {
      post: {
        operationId: 'plant',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } },
        responses: { 200: { $ref: '#/components/responses/Missing' } },
      },
    },
    '/lost': {
      get: {
        operationId: 'findLost',
        parameters: [{ $ref: '#/components/parameters/Nowhere' }, { $ref: '#/components/parameters/Round' }],
        responses: {
          200: { description: 'It', content: { 'application/json': { schema: { $ref: 'other.yaml#/Lost' } } } },
        },
      },
    },
  },
  components: {
    parameters: { Round: { $ref: '#/components/parameters/Round' } },
    schemas: {
      Node: {
        type: 'object',
        properties: {
          name: { type: ['string', 'null'] },
          left: { $ref: '#/components/schemas/Node' },
          parent: { $ref: '#/components/schemas/Pair' },
        },
        required: ['name'],
      },
      Pair: { type: 'object', properties: { node: { $ref: '#/components/schemas/Node' } } },
    },
  },
};

describe('documents as they are found', () => {
  test('a small one of 3.0', () => {
    const { actions, problems } = actionsFromOpenApi(small);
    expect(problems).toEqual([]);
    expect(actions.map(({ name }) => name)).toEqual(['readBook', 'removeBook', 'lend']);
    const [read, , lend] = actions.map(({ inputSchema, outputSchema }) => ({ inputSchema, outputSchema }));
    expect(read).toMatchObject({ outputSchema: book30() });
    expect(JSON.stringify(lend)).toContain('isbn');
    expect(JSON.stringify(lend)).not.toContain('nullable');
  });

  test('a large one: as many operations as there may be, and a word about the rest', () => {
    const document = large(3 * openApiBounds.operations);
    const bounded = actionsFromOpenApi(document);
    expect(bounded.actions).toHaveLength(openApiBounds.operations);
    expect(bounded.problems).toEqual([{ where: 'paths', message: expect.stringContaining('1000') }]);
    const { actions, problems } = actionsFromOpenApi(document, { operations: 3 * openApiBounds.operations });
    expect([actions.length, problems]).toEqual([3 * openApiBounds.operations, []]);
    expect(new Set(actions.map(({ name }) => name)).size).toBe(actions.length);
    for (const { inputSchema } of actions) expect(inputSchema?.['required']).toEqual(['id']);
  });

  test('one of 3.1 with cycles and references that lead nowhere', () => {
    const { actions, problems } = actionsFromOpenApi(newer);
    expect(actions.map(({ name }) => name)).toEqual(['plant', 'findLost']);
    const [plant] = actions;
    expect(plant?.inputSchema?.['properties']).toEqual({
      name: { type: ['string', 'null'] },
      left: { type: 'object' },
      parent: { type: 'object', properties: { node: { type: 'object' } } },
    });
    expect(problems).toEqual([
      { where: 'POST /nodes', message: expect.stringContaining('responses/Missing" leads nowhere') },
      { where: 'GET /lost', message: expect.stringContaining('parameters/Nowhere" leads nowhere') },
      { where: 'GET /lost', message: expect.stringContaining('parameters/Round" leads in a circle') },
      { where: 'GET /lost', message: expect.stringContaining('other.yaml#/Lost" leads out of the document') },
    ]);
  });
});
