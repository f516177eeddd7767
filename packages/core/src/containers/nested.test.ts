import { expect, test } from 'vitest';
import { type Bind, bindsOfSpec, nestedBinds } from './nested.ts';

function bind(source: string, writable = true): Bind {
  return { where: source, source, writable };
}
function places(binds: Bind[], others: Bind[] = []) {
  return nestedBinds(binds, others).map(({ where }) => where);
}

test('a folder in one that a container may write is told, on either side', () => {
  expect(places([bind('/s'), bind('/s/data', false)])).toEqual(['/s/data']);
  expect(places([bind('/s', false), bind('/s/data')])).toEqual([]);
  expect(places([bind('/s/data')], [bind('/s')])).toEqual(['/s/data']);
  expect(places([bind('/s')], [bind('/s/data', false)])).toEqual(['/s']);
  expect(places([bind('/s', false)], [bind('/s/data')])).toEqual([]);
  expect(places([bind('/s'), bind('/s-more'), bind('/s')], [bind('/other')])).toEqual([]);
  expect(places([bind('/etc', false)], [bind('/')])).toEqual(['/etc']);
});

test('reads them from what a container asks for', () => {
  const spec = { image: 'x', volumes: { '/a': '/x:ro', '/b': ['/y:ro', '/z'], named: '/n' } };
  expect(bindsOfSpec(spec, (path) => path)).toEqual([
    { where: 'volumes./a', source: '/a', writable: false },
    { where: 'volumes./b', source: '/b', writable: true },
  ]);
});
