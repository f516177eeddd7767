// @vitest-environment happy-dom
import type { AnyRoute } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import { createPageRouter } from './create-router.ts';

const routes = Object.values(createPageRouter().routesById) as AnyRoute[];
const asked = routes.filter(({ options }) => options.validateSearch !== undefined);

interface Validator {
  parse: (value: unknown) => Record<string, unknown>;
  shape: Record<string, unknown>;
}

const senseless = [{}, [], { a: { b: 1 } }, null, -1, Number.NaN, '\u0000', 'x'.repeat(10_000)];

test('there are addresses to look at', () => {
  expect(asked.length).toBeGreaterThan(20);
});

test.each(asked.map((route) => [route.id as string, route.options.validateSearch as unknown as Validator] as const))(
  '%s opens whatever stands behind the question mark',
  (_id, search) => {
    for (const value of senseless) {
      const all = Object.fromEntries(Object.keys(search.shape).map((name) => [name, value]));
      expect(() => search.parse({ ...all, unknown: value })).not.toThrow();
      expect(search.parse({ unknown: value })).not.toHaveProperty('unknown');
    }
  },
);

test('no two pages have one address', () => {
  const paths = routes
    .filter(({ id }) => !id.includes('__root'))
    .map(({ fullPath, id }) => [fullPath as string, id] as const);
  const leaves = paths.filter(([path, id]) => !id.endsWith('engine') && !id.endsWith('sections') && path !== '');
  const twice = leaves.filter(([path], at) => leaves.findIndex(([other]) => other === path) !== at);
  expect(twice.map(([, id]) => id).filter((id) => !id.endsWith('/'))).toEqual([]);
});
