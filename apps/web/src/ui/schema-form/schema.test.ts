import { describe, expect, it } from 'vitest';
import { assign, initial, kindOf, options, properties, resolve } from './schema.ts';
import { validate } from './validate.ts';

describe('kindOf', () => {
  it.each([
    [{ type: 'string' }, 'string'],
    [{ type: ['integer', 'null'] }, 'integer'],
    [{ enum: ['a', 'b'] }, 'enum'],
    [{ oneOf: [{ const: 'a', title: 'Apple' }] }, 'enum'],
    [{ type: 'array', items: { type: 'string' } }, 'array'],
    [{ type: 'array', items: { enum: [1, 2] } }, 'choices'],
    [{ type: 'array' }, 'json'],
    [{ type: 'object', properties: { a: {} } }, 'object'],
    [{ type: 'object' }, 'json'],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'union'],
    [{}, 'json'],
  ])('shows %j as %s', (schema, kind) => {
    expect(kindOf(schema, schema)).toBe(kind);
  });
});

describe('resolve', () => {
  it('follows local references and keeps what stands beside them', () => {
    const root = { $defs: { 'a/b': { type: 'string', title: 'Inner' } } };
    expect(resolve({ $ref: '#/$defs/a~1b', title: 'Outer' }, root)).toEqual({ type: 'string', title: 'Outer' });
  });

  it('unwraps a value that may be null', () => {
    const schema = { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null, title: 'Limit' };
    expect(resolve(schema, schema)).toEqual({ type: 'integer', default: null, title: 'Limit' });
  });

  it('joins the parts of allOf', () => {
    const schema = {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'number' } } },
      ],
    };
    expect(properties(resolve(schema, schema), schema).map((each) => [each.name, each.required])).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('ends on a reference to itself', () => {
    const root = { $defs: { node: { $ref: '#/$defs/node' } } };
    expect(resolve({ $ref: '#/$defs/node' }, root)).toEqual({});
  });

  it('does not reach into prototypes', () => {
    expect(resolve({ $ref: '#/constructor' }, {})).toEqual({});
  });
});

it('reads titles of choices from every spelling', () => {
  expect(options({ enum: ['a'], enumNames: ['Apple'] })?.[0]?.label).toBe('Apple');
  expect(options({ oneOf: [{ const: 'b', title: 'Pear', description: 'green' }] })?.[0]).toEqual({
    value: 'b',
    label: 'Pear',
    description: 'green',
  });
});

it('starts with defaults and required parts only', () => {
  const schema = {
    type: 'object',
    properties: {
      count: { type: 'integer', default: 3 },
      note: { type: 'string' },
      flags: { type: 'array', items: { type: 'string' } },
      inner: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] },
    },
    required: ['flags', 'inner'],
  };
  expect(initial(schema, schema, true)).toEqual({ count: 3, flags: [], inner: { on: false } });
});

it('assigns deep parts without touching the rest', () => {
  const before = { a: { list: [1, 2] }, b: 1 };
  expect(assign(before, ['a', 'list', 1], 5)).toEqual({ a: { list: [1, 5] }, b: 1 });
  expect(assign(before, ['b'], undefined)).toEqual({ a: { list: [1, 2] } });
  expect(before).toEqual({ a: { list: [1, 2] }, b: 1 });
});

describe('validate', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, pattern: '^[a-z]+$' },
      age: { type: 'integer', minimum: 0 },
      mail: { type: 'string', format: 'email' },
      list: { type: 'array', items: { type: 'number' }, maxItems: 2 },
      either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
    },
    required: ['name'],
  };
  function codes(value: unknown) {
    return Object.fromEntries([...validate(schema, schema, value)].map(([path, problem]) => [path, problem.code]));
  }

  it('accepts what fits', () => {
    expect(codes({ name: 'ada', age: 3, mail: 'a@b.c', list: [1], either: 2 })).toEqual({});
  });

  it('names each field at fault', () => {
    expect(codes({ age: -1, mail: 'x', list: [1, 2, 'c'], either: true })).toEqual({
      name: 'required',
      age: 'minimum',
      mail: 'format',
      list: 'maxItems',
      'list.2': 'type',
      either: 'type',
    });
    expect(codes({ name: 'A1' })).toEqual({ name: 'pattern' });
  });
});
