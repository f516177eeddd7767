import { expect, it } from 'vitest';
import { toTree, withDescendants } from './tree.ts';

const groups = [
  { id: 'a', parentGroup: null },
  { id: 'a1', parentGroup: 'a' },
  { id: 'b', parentGroup: 'elsewhere' },
  { id: 'a2', parentGroup: 'a' },
  { id: 'a11', parentGroup: 'a1' },
];

it('puts each group under its parent', () => {
  expect(toTree(groups).map(({ item, depth }) => [item.id, depth])).toEqual([
    ['a', 0],
    ['a1', 1],
    ['a11', 2],
    ['a2', 1],
    ['b', 0],
  ]);
});

it('finds a group and everything below it', () => {
  expect([...withDescendants('a', groups)].toSorted()).toEqual(['a', 'a1', 'a11', 'a2']);
});
