import { describe, expect, test } from 'vitest';
import { fragmentOf } from './fragment.ts';
import { changesBetween } from './gateway/sessions/list-changes.ts';
import { catalogOf, tool } from './testing.ts';
import type { Catalog, EndpointSelection, SelectedServer } from './types.ts';
import { compileView } from './view.ts';

function server(serverId: string, more: Partial<SelectedServer> = {}): SelectedServer {
  return { serverId, overrides: {}, ...more };
}
function select(servers: SelectedServer[], prefixed = true): EndpointSelection {
  return { endpoint: 'all', title: 'All', prefixed, servers };
}
const catalogs: Record<string, Catalog> = {
  a: catalogOf({ tools: [tool('x')], resources: [{ uri: 'm:1' }, { uri: 'm:2' }] }),
  b: catalogOf({ tools: [tool('y')], prompts: [{ name: 'p' }], resources: [{ uri: 'm:2' }] }),
};
function at(over: Record<string, Catalog> = {}) {
  return (id: string): Catalog | null => over[id] ?? catalogs[id] ?? null;
}
function told(before: ReturnType<typeof compileView>, now: ReturnType<typeof compileView>): string[] {
  return changesBetween(before, now).map(({ capability }) => capability);
}

describe('a fragment', () => {
  test('is one object for all who select a catalog in the same way', () => {
    const catalog = at()('a');
    const off = { tool: { x: { enabled: false, description: null } } };
    expect(fragmentOf(server('a'), catalog, true)).toBe(fragmentOf(server('a'), catalog, true));
    expect(fragmentOf(server('a', { overrides: off }), catalog, true)).toBe(
      fragmentOf(server('a', { overrides: structuredClone(off) }), catalog, true),
    );
  });

  test.each<[string, Partial<SelectedServer>]>([
    ['filter', { only: { tool: [] } }],
    ['switch', { overrides: { tool: { x: { enabled: false, description: null } } } }],
    ['alias', { alias: 'other' }],
    ['record', { record: 'all' }],
    ['right to know why it fails', { quiet: true }],
  ])('is another with another %s', (_what, more) => {
    const catalog = at()('a');
    expect(fragmentOf(server('a', more), catalog, true)).not.toBe(fragmentOf(server('a'), catalog, true));
  });

  test('of two views is shared, and only that of the server that changed is made anew', () => {
    const [a, b] = [server('a'), server('b')];
    const first = compileView(select([a, b]), at());
    const other = compileView(select([server('a')]), at());
    expect(other.fragments[0]).toBe(first.fragments[0]);
    const next = compileView(first.selection, at({ a: catalogOf({ tools: [tool('z')] }) }), first);
    expect(next.fragments[0]).not.toBe(first.fragments[0]);
    expect(next.fragments[1]).toBe(first.fragments[1]);
  });
});

describe('a view', () => {
  test('stays the same object while it shows the same', () => {
    const view = compileView(select([server('a'), server('b')]), at());
    expect(compileView(view.selection, at(), view)).toBe(view);
  });

  test('tells only the lists that differ, whatever the objects are', () => {
    const before = compileView(select([server('a'), server('b')]), at());
    const { a } = catalogs;
    const copied = compileView(select([server('a'), server('b')]), at({ a: structuredClone(a as Catalog) }));
    expect(told(before, copied)).toEqual([]);
    const more = catalogOf({ ...a, tools: [tool('x'), tool('new')] });
    expect(told(before, compileView(before.selection, at({ a: more })))).toEqual(['tools']);
    expect(told(before, compileView(select([server('a')]), at()))).toEqual(['tools', 'prompts']);
  });

  test('lists a resource of two servers once, also when the first of them loses it', () => {
    const before = compileView(select([server('a'), server('b')]), at());
    const less = compileView(before.selection, at({ a: catalogOf({ ...catalogs['a'], resources: [{ uri: 'm:1' }] }) }));
    expect(JSON.parse(before.json('resources'))).toEqual([{ uri: 'm:1' }, { uri: 'm:2' }]);
    expect(JSON.parse(less.json('resources'))).toEqual([{ uri: 'm:1' }, { uri: 'm:2' }]);
    expect([before.listerOf('m:2'), less.listerOf('m:2')]).toEqual(['a', 'b']);
    expect(told(before, less)).toEqual([]);
  });

  test('gives a name that two servers want to the first, though prefixes differ', () => {
    const odd = { a: catalogOf({ tools: [tool('b__x')] }), a__b: catalogOf({ tools: [tool('x'), tool('y')] }) };
    const view = compileView(select([server('a'), server('a__b')]), at(odd));
    expect(view.tools.get('a__b__x')).toMatchObject({ serverId: 'a', name: 'b__x' });
    expect(view.tools.get('a__b__y')).toMatchObject({ serverId: 'a__b', name: 'y' });
    expect(JSON.parse(view.json('tools'))).toMatchObject([{ name: 'a__b__x' }, { name: 'a__b__y' }]);
    expect(view.collisions()).toEqual([
      { type: 'tool', exposedName: 'a__b__x', serverId: 'a__b', name: 'x', takenBy: 'a' },
    ]);
  });

  test('finds the tools of servers with names of any kind', () => {
    const names = ['a_', 'ä b', 'x'.repeat(60), 'a'];
    const odd = Object.fromEntries(names.map((name) => [name, catalogOf({ tools: [tool('_t'), tool('ö')] })]));
    const view = compileView(select(names.map((name) => server(name))), at(odd));
    const listed = [...view.tools];
    expect(listed).toHaveLength(8);
    for (const [exposed, route] of listed) expect(view.tools.get(exposed)).toBe(route);
  });

  test('does not look long for a name that is too long to be one', () => {
    const view = compileView(select([server('a')]), at());
    expect(view.tools.has(`a__x${'__'.repeat(1_000_000)}`)).toBe(false);
  });
});
