import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../types.ts';
import { applyPatch, PatchError } from './patch.ts';

interface Case {
  name: string;
  doc: JsonObject;
  patch: unknown;
  /** Null where it is refused. */
  expected: JsonObject | null;
}

/** Appendix A of RFC 6902, but for A.12, which is an error as well (A.9 to A.15 keep their numbers). */
const ofTheRfc: Case[] = [
  {
    name: 'A.1',
    doc: { foo: 'bar' },
    patch: [{ op: 'add', path: '/baz', value: 'qux' }],
    expected: { baz: 'qux', foo: 'bar' },
  },
  {
    name: 'A.2',
    doc: { foo: ['bar', 'baz'] },
    patch: [{ op: 'add', path: '/foo/1', value: 'qux' }],
    expected: { foo: ['bar', 'qux', 'baz'] },
  },
  { name: 'A.3', doc: { baz: 'qux', foo: 'bar' }, patch: [{ op: 'remove', path: '/baz' }], expected: { foo: 'bar' } },
  {
    name: 'A.4',
    doc: { foo: ['bar', 'qux', 'baz'] },
    patch: [{ op: 'remove', path: '/foo/1' }],
    expected: { foo: ['bar', 'baz'] },
  },
  {
    name: 'A.5',
    doc: { baz: 'qux', foo: 'bar' },
    patch: [{ op: 'replace', path: '/baz', value: 'boo' }],
    expected: { baz: 'boo', foo: 'bar' },
  },
  {
    name: 'A.6',
    doc: { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    patch: [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    expected: { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  },
  {
    name: 'A.7',
    doc: { foo: ['all', 'grass', 'cows', 'eat'] },
    patch: [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    expected: { foo: ['all', 'cows', 'eat', 'grass'] },
  },
  {
    name: 'A.8',
    doc: { baz: 'qux', foo: ['a', 2, 'c'] },
    patch: [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    expected: { baz: 'qux', foo: ['a', 2, 'c'] },
  },
  { name: 'A.9', doc: { baz: 'qux' }, patch: [{ op: 'test', path: '/baz', value: 'bar' }], expected: null },
  {
    name: 'A.10',
    doc: { foo: 'bar' },
    patch: [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    expected: { foo: 'bar', child: { grandchild: {} } },
  },
  {
    name: 'A.11',
    doc: { foo: 'bar' },
    patch: [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
    expected: { foo: 'bar', baz: 'qux' },
  },
  { name: 'A.12', doc: { foo: 'bar' }, patch: [{ op: 'add', path: '/baz/bat', value: 'qux' }], expected: null },
  {
    name: 'A.14',
    doc: { '/': 9, '~1': 10 },
    patch: [{ op: 'test', path: '/~01', value: 10 }],
    expected: { '/': 9, '~1': 10 },
  },
  { name: 'A.15', doc: { '/': 9, '~1': 10 }, patch: [{ op: 'test', path: '/~01', value: '10' }], expected: null },
  {
    name: 'A.16',
    doc: { foo: ['bar'] },
    patch: [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    expected: { foo: ['bar', ['abc', 'def']] },
  },
];

const further: Case[] = [
  {
    name: 'replaces the whole',
    doc: { a: 1 },
    patch: [{ op: 'replace', path: '', value: { b: 2 } }],
    expected: { b: 2 },
  },
  {
    name: 'replaces the whole by no object',
    doc: { a: 1 },
    patch: [{ op: 'replace', path: '', value: 3 }],
    expected: null,
  },
  { name: 'adds null', doc: {}, patch: [{ op: 'add', path: '/a', value: null }], expected: { a: null } },
  { name: 'has no value', doc: {}, patch: [{ op: 'add', path: '/a' }], expected: null },
  { name: 'the empty key', doc: { '': 1 }, patch: [{ op: 'replace', path: '/', value: 2 }], expected: { '': 2 } },
  { name: 'beyond the end', doc: { a: [1] }, patch: [{ op: 'add', path: '/a/2', value: 3 }], expected: null },
  { name: 'a leading zero', doc: { a: [1, 2] }, patch: [{ op: 'remove', path: '/a/01' }], expected: null },
  { name: 'no index', doc: { a: [1] }, patch: [{ op: 'add', path: '/a/length', value: 0 }], expected: null },
  { name: 'removes behind the end', doc: { a: [1] }, patch: [{ op: 'remove', path: '/a/-' }], expected: null },
  { name: 'what is not there', doc: {}, patch: [{ op: 'replace', path: '/a', value: 1 }], expected: null },
  {
    name: 'copies',
    doc: { a: { b: 1 } },
    patch: [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'add', path: '/c/b', value: 2 },
    ],
    expected: { a: { b: 1 }, c: { b: 2 } },
  },
  {
    name: 'moves into itself',
    doc: { a: { b: 1 } },
    patch: [{ op: 'move', from: '/a', path: '/a/b' }],
    expected: null,
  },
  { name: 'moves to where it is', doc: { a: 1 }, patch: [{ op: 'move', from: '/a', path: '/a' }], expected: { a: 1 } },
  {
    name: 'an order of keys that differs',
    doc: { a: { x: 1, y: 2 } },
    patch: [{ op: 'test', path: '/a', value: { y: 2, x: 1 } }],
    expected: { a: { x: 1, y: 2 } },
  },
  { name: 'a prototype', doc: {}, patch: [{ op: 'add', path: '/__proto__', value: { x: 1 } }], expected: null },
  {
    name: 'through a prototype',
    doc: {},
    patch: [{ op: 'add', path: '/constructor/prototype/x', value: 1 }],
    expected: null,
  },
  {
    name: 'a key of that name is a key',
    doc: {},
    patch: [{ op: 'add', path: '/constructor', value: 1 }],
    expected: { constructor: 1 },
  },
  { name: 'a bad escape', doc: { '~': 1 }, patch: [{ op: 'remove', path: '/~' }], expected: null },
  { name: 'no slash', doc: { a: 1 }, patch: [{ op: 'remove', path: 'a' }], expected: null },
  { name: 'an unknown operation', doc: { a: 1 }, patch: [{ op: 'spam', path: '/a' }], expected: null },
  { name: 'no list', doc: { a: 1 }, patch: { op: 'remove', path: '/a' }, expected: null },
  { name: 'no operation', doc: { a: 1 }, patch: [null], expected: null },
];

describe('JSON Patch', () => {
  test.each([...ofTheRfc, ...further])('$name', ({ doc, patch, expected }) => {
    const before = structuredClone(doc);
    if (expected === null) expect(() => applyPatch(doc, patch)).toThrow(PatchError);
    else expect(applyPatch(doc, patch)).toEqual(expected);
    expect(doc).toEqual(before);
    expect({}).not.toHaveProperty('x');
  });

  test('a patch that doubles again and again is refused', () => {
    const patch = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
    expect(() => applyPatch({ a: ['x'] }, patch)).toThrow(PatchError);
  });

  test('states are bounded in size and depth', () => {
    expect(() => applyPatch({}, [{ op: 'add', path: '/a', value: 'x'.repeat(300_000) }])).toThrow('more than');
    const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown;
    expect(() => applyPatch({}, [{ op: 'add', path: '/a', value: deep }])).toThrow('nested deeper');
  });
});
