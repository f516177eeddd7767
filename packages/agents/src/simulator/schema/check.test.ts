import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../types.ts';
import { randomOf } from '../chance.ts';
import { schemaCheck } from './check.ts';
import { sampleOf } from './sample.ts';

/** The path and keyword of each problem. */
function problems(schema: JsonObject, value: unknown): string[] {
  return schemaCheck(schema)(value).map(({ path, keyword }) => `${path} ${keyword}`);
}

describe('a check by a schema', () => {
  test.each<[JsonObject, unknown, string[]]>([
    [{ type: 'integer' }, 3, []],
    [{ type: 'integer' }, 3.5, [' type']],
    [{ type: 'number' }, 3, []],
    [{ type: ['string', 'null'] }, null, []],
    [{ type: 'object' }, [], [' type']],
    [{ enum: [{ a: 1, b: 2 }] }, { b: 2, a: 1 }, []],
    [{ enum: ['a'] }, 'b', [' enum']],
    [{ const: 1 }, 2, [' const']],
    [{ required: ['a', 'b'] }, { a: 1 }, ['/b required']],
    [{ required: ['toString'] }, {}, ['/toString required']],
    [{ properties: { 'a/b': { type: 'string' } } }, { 'a/b': 1 }, ['/a~1b type']],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1, b: 1 }, ['/b additionalProperties']],
    [{ additionalProperties: { type: 'string' } }, { a: 1 }, ['/a type']],
    [{ items: { type: 'string' } }, ['a', 1], ['/1 type']],
    [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 'b'], ['/1 type']],
    [{ prefixItems: [{ type: 'string' }], items: false }, ['a', 'b'], ['/1 false']],
    [{ contains: { const: 1 } }, [2], [' contains']],
    [{ uniqueItems: true }, [{ a: 1 }, { a: 1 }], [' uniqueItems']],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, [' anyOf']],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 1, [' oneOf']],
    [{ allOf: [{ minimum: 1 }, { maximum: 3 }] }, 4, [' maximum']],
    [{ not: { type: 'string' } }, 'a', [' not']],
    [{ if: { type: 'string' }, then: { minLength: 2 }, else: { const: 1 } }, 'a', [' minLength']],
    [{ if: { type: 'string' }, else: { const: 1 } }, 2, [' const']],
    [{ minLength: 2 }, '𝒳', [' minLength']],
    [{ exclusiveMinimum: 1 }, 1, [' exclusiveMinimum']],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ multipleOf: 2 }, 3, [' multipleOf']],
    [{ maxItems: 1 }, [1, 2], [' maxItems']],
    [{ minProperties: 1 }, {}, [' minProperties']],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, ['/ab maxLength']],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, ['/b required']],
    [{ $defs: { s: { type: 'string' } }, properties: { a: { $ref: '#/$defs/s' } } }, { a: 1 }, ['/a type']],
    [{ $ref: 'https://example.com/schema' }, 1, []],
    [{ type: 'object', properties: 7, required: 'a', enum: 3 }, { a: 1 }, []],
  ])('%j of %j', (schema, value, expected) => {
    expect(problems(schema, value)).toEqual(expected);
  });

  test.each<[string, JsonObject, unknown]>([
    ['a reference to itself', { $ref: '#' }, 1],
    ['alternatives of alternatives', { anyOf: [{ $ref: '#' }, { $ref: '#' }], $defs: {} }, 1],
    [
      'a tree that doubles',
      {
        $defs: Object.fromEntries(
          Array.from({ length: 60 }, (_each, at) => [
            `d${at}`,
            { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
          ]),
        ),
        $ref: '#/$defs/d0',
      },
      1,
    ],
    [
      'many alternatives for a long text',
      { anyOf: Array.from({ length: 5000 }, (_each, at) => ({ const: at })) },
      'x'.repeat(1_000_000),
    ],
  ])('%s ends', (_name, schema, value) => {
    expect(problems(schema, value)).toEqual([' limit']);
  });
});

describe('what is made up by a schema', () => {
  test.each<JsonObject>([
    {
      type: 'object',
      properties: { id: { type: 'string', format: 'uuid' }, n: { type: 'integer', minimum: 5, maximum: 6 } },
      required: ['id', 'x'],
    },
    { type: 'array', items: { type: 'number', exclusiveMaximum: 0 }, minItems: 3 },
    {
      allOf: [
        { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
        { properties: { b: { type: 'boolean' } }, required: ['b'] },
      ],
    },
    { oneOf: [{ type: 'string', minLength: 20 }, { type: 'null' }] },
    { $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } }, $ref: '#/$defs/node' },
    { type: ['null', 'string'], maxLength: 3 },
    { type: 'integer', multipleOf: 7, minimum: 8 },
    { enum: ['b', 'a'] },
  ])('%j fits', (schema) => {
    const value = sampleOf(schema, randomOf('a'), 0);
    expect(schemaCheck(schema)(value)).toEqual([]);
    expect(sampleOf(schema, randomOf('a'), 0)).toEqual(value);
  });

  test('is bounded', () => {
    const wide: JsonObject = {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 100 }, (_each, at) => [`p${at}`, { $ref: '#' }])),
    };
    expect(JSON.stringify(sampleOf(wide, randomOf('a'), 0)).length).toBeLessThan(200_000);
  });
});
