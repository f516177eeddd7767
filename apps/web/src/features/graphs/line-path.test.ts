import { expect, it } from 'vitest';
import { pathBack } from './line-path.ts';
import { nodeSize } from './placing.ts';

it('goes below both nodes and ends where it leads', () => {
  const path = pathBack({ sourceX: 500, sourceY: 40, targetX: 100, targetY: 90 });
  expect(path.startsWith('M500,40 ')).toBe(true);
  expect(path.endsWith(' 100,90')).toBe(true);
  // Half of a node lies below its handle.
  expect(path).toContain(`300,${90 + nodeSize.height}`);
  expect(path).not.toContain('NaN');
});
