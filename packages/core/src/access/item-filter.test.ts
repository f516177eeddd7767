import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowsItem, everyItem, except, intersectItems, only, unionItems, type ItemFilter } from './item-filter.ts';

const names = ['a', 'b', 'c', '__proto__', 'constructor'];
const types = ['tool', 'prompt', 'resource', 'template'] as const;
const set = fc
  .tuple(fc.boolean(), fc.subarray(names))
  .map(([isOnly, chosen]) => (isOnly ? only(chosen) : except(chosen)));
const filter: fc.Arbitrary<ItemFilter> = fc.record(
  { tool: set, prompt: set, resource: set, template: set },
  { requiredKeys: [] },
);

describe('filters of items', () => {
  it('together allow what either allows, or what both allow', () => {
    fc.assert(
      fc.property(filter, filter, fc.constantFrom(...types), fc.constantFrom(...names, 'new'), (a, b, type, name) => {
        const [inA, inB] = [allowsItem(a, type, name), allowsItem(b, type, name)];
        expect(allowsItem(unionItems(a, b), type, name)).toBe(inA || inB);
        expect(allowsItem(intersectItems(a, b), type, name)).toBe(inA && inB);
      }),
    );
  });

  it('allow everything where nothing is said', () => {
    for (const type of types) for (const name of names) expect(allowsItem(everyItem, type, name)).toBe(true);
  });
});
