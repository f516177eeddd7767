import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resourceCandidates } from './reach.ts';
import { catalogOf, tool } from './testing.ts';
import type { Catalog, EndpointSelection, ItemType, JsonObject, SelectedServer } from './types.ts';
import { compileView, type View } from './view.ts';

type Overrides = SelectedServer['overrides'];

function server(serverId: string, overrides: Overrides = {}, more: Partial<SelectedServer> = {}): SelectedServer {
  return {
    serverId,
    overrides,
    ...more,
  };
}
function off(type: ItemType, ...names: string[]): Overrides {
  return {
    [type]: Object.fromEntries(names.map((name) => [name, { enabled: false, description: null }])),
  };
}

function view(catalogs: Record<string, Catalog>, servers: SelectedServer[], prefixed = true): View {
  const selection: EndpointSelection = { endpoint: prefixed ? 'all' : 'one', title: 'All', prefixed, servers };
  return compileView(selection, (id) => catalogs[id] ?? null);
}
function names(json: string): unknown[] {
  return (JSON.parse(json) as JsonObject[]).map(({ name }) => name);
}
function uris(json: string): unknown[] {
  return (JSON.parse(json) as JsonObject[]).map(({ uri, uriTemplate }) => uri ?? uriTemplate);
}
function resource(uri: string): JsonObject {
  return { uri, name: uri };
}
function template(uriTemplate: string): JsonObject {
  return { uriTemplate, name: uriTemplate };
}

const a = catalogOf({
  tools: [tool('x'), tool('y')],
  prompts: [{ name: 'p' }],
  resources: [resource('m:1'), resource('m:2')],
});
const b = catalogOf({
  tools: [tool('x')],
  resources: [resource('m:2'), resource('m:3')],
  resourceTemplates: [template('t://{id}')],
});

describe('the tools of an endpoint', () => {
  test('of several servers carry the slug, of one are untouched', () => {
    expect(names(view({ a, b }, [server('a'), server('b')]).json('tools'))).toEqual(['a__x', 'a__y', 'b__x']);
    expect(names(view({ a }, [server('a')], false).json('tools'))).toEqual(['x', 'y']);
  });

  test('route to their server under the name it knows', () => {
    expect(view({ a, b }, [server('a'), server('b')]).tools.get('b__x')).toMatchObject({ serverId: 'b', name: 'x' });
  });

  test('that are off are neither listed nor routed', () => {
    const it = view({ a }, [server('a', off('tool', 'x'))]);
    expect(names(it.json('tools'))).toEqual(['a__y']);
    expect(it.tools.has('a__x')).toBe(false);
  });

  test('are described as the endpoint says, everything else kept as it is', () => {
    const catalog = catalogOf({ tools: [{ ...tool('x'), description: 'old', icons: [{ src: 'i' }], 'x-own': 1 }] });
    const it = view({ a: catalog }, [server('a', { tool: { x: { enabled: true, description: 'new' } } })], false);
    expect(JSON.parse(it.json('tools'))).toEqual([
      { ...tool('x'), description: 'new', icons: [{ src: 'i' }], 'x-own': 1 },
    ]);
  });

  test('are named as the endpoint says', () => {
    const renamed = { tool: { x: { enabled: true, description: null, rename: 'better' } } };
    const it = view({ a }, [server('a', renamed, { alias: 'nice' })]);
    expect(it.tools.get('nice__better')).toMatchObject({ serverId: 'a', name: 'x' });
  });

  test('are only those that the selection leaves', () => {
    expect(names(view({ a }, [server('a', {}, { only: { tool: ['y', 'gone'] } })]).json('tools'))).toEqual(['a__y']);
  });

  test('whose name another has are told, and neither listed nor routed', () => {
    const it = view({ a }, [server('a', { tool: { y: { enabled: true, description: null, rename: 'x' } } })], false);
    expect(names(it.json('tools'))).toEqual(['x']);
    expect(it.collisions()).toEqual([{ type: 'tool', exposedName: 'x', serverId: 'a', name: 'y', takenBy: 'a' }]);
  });

  test('named like parts of every object are tools like others', () => {
    const odd = ['__proto__', 'constructor', 'toString'];
    const catalog = catalogOf({ tools: odd.map(tool) });
    expect([...view({ a: catalog }, [server('a')], false).tools.keys()]).toEqual(odd);
  });

  test('without a name are left out', () => {
    const catalog = catalogOf({ tools: [{}, { name: 7 }, tool('x')] });
    expect(names(view({ a: catalog }, [server('a')], false).json('tools'))).toEqual(['x']);
  });

  test('keep their names whatever other servers there are', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(text, { maxLength: 8 }),
        (mine, others) => {
          const catalogs = {
            mine: catalogOf({ tools: mine.map(tool) }),
            other: catalogOf({ tools: others.map(tool) }),
          };
          const alone = view(catalogs, [server('mine')]);
          const together = view(catalogs, [server('other'), server('mine')]);
          for (const [exposed, route] of alone.tools) expect(together.tools.get(exposed)).toEqual(route);
          expect([...together.tools.keys()].length).toBe(mine.length + others.length);
        },
      ),
    );
  });
});

describe('resources', () => {
  test('that two servers list appear once, as those of the first, and are told', () => {
    const it = view({ a, b }, [server('a'), server('b')]);
    expect(uris(it.json('resources'))).toEqual(['m:1', 'm:2', 'm:3']);
    expect(it.listerOf('m:2')).toBe('a');
    expect(it.duplicates()).toEqual([{ uri: 'm:2', serverId: 'b', listedBy: 'a' }]);
  });

  test('that one server lists twice are no duplicate to tell of', () => {
    const twice = catalogOf({ resources: [resource('m:1'), resource('m:1')] });
    expect(view({ a: twice }, [server('a')]).duplicates()).toEqual([]);
  });

  test('templates that two servers list appear once and lead to both', () => {
    const it = view({ b, c: b }, [server('b'), server('c')]);
    expect(uris(it.json('resourceTemplates'))).toEqual(['t://{id}']);
    expect(resourceCandidates(it, 't://1', null, () => b).map(({ serverId }) => serverId)).toEqual(['b', 'c']);
  });
});

describe('whom to ask for a URI', () => {
  const catalogs: Record<string, Catalog> = { a, b, c: catalogOf({ capabilities: { tools: {} } }) };
  const all = [server('a'), server('b'), server('c')];
  function ask(uri: string, mentionedBy?: string, servers = all, first = true): string[] {
    return resourceCandidates(
      view(catalogs, servers),
      uri,
      { first, get: () => mentionedBy },
      (id) => catalogs[id] ?? null,
    ).map(({ serverId }) => serverId);
  }

  test('the server that mentioned it comes first, then the one that lists it', () => {
    expect(ask('m:1', 'b')).toEqual(['b', 'a']);
  });

  test('without a session the one that lists it comes before the one that mentioned it', () => {
    expect(ask('m:1', 'b', all, false)).toEqual(['a', 'b']);
    expect(ask('other:1', 'b', all, false)).toEqual(['b']);
  });

  test('a server that is not of the endpoint does not come, whatever it mentioned', () => {
    expect(ask('m:1', 'gone')).toEqual(['a']);
  });

  test('then those with a template that fits', () => {
    expect(ask('t://7')).toEqual(['b']);
  });

  test('else every server with resources, in order, as a guess', () => {
    expect(ask('other:1')).toEqual(['a', 'b']);
    const it = view(catalogs, all);
    expect(resourceCandidates(it, 'other:1', null, () => a)[0]).toMatchObject({ sure: false });
    expect(resourceCandidates(it, 'm:1', null, () => a)[0]).toMatchObject({ sure: true });
  });

  test('a URI that is off at one server is still to be had of another', () => {
    const servers = [server('a', off('resource', 'm:2')), server('b')];
    expect(ask('m:2', undefined, servers)).toEqual(['b']);
    expect(ask('m:2', 'a', servers)).toEqual(['b']);
  });

  test('a template that is off closes every URI it stands for', () => {
    const servers = [server('a'), server('b', off('template', 't://{id}'))];
    expect(ask('t://7', undefined, servers)).toEqual(['a']);
    expect(ask('t://7', 'b', servers)).toEqual([]);
  });

  test('a resource that is listed stays open where only a template that fits it is off', () => {
    const catalog = catalogOf({ resources: [resource('t://1')], resourceTemplates: [template('t://{id}')] });
    const it = view({ a: catalog }, [server('a', off('template', 't://{id}'))]);
    expect(resourceCandidates(it, 't://1', null, () => catalog)).toHaveLength(1);
    expect(resourceCandidates(it, 't://2', null, () => catalog)).toEqual([]);
  });

  test('where only some resources are left, no other is to be had', () => {
    const servers = [server('a', {}, { only: { resource: ['m:1'] } })];
    expect(ask('m:1', undefined, servers)).toEqual(['a']);
    expect(ask('m:2', undefined, servers)).toEqual([]);
    expect(ask('secret:1', 'a', servers)).toEqual([]);
  });
});

describe('what an endpoint says of itself', () => {
  test('of one server are its own words, unknown ones included', () => {
    const catalog = catalogOf({
      capabilities: { tools: {}, tasks: { list: {} }, experimental: { x: {} } },
      instructions: 'Be kind.',
    });
    const it = view({ a: catalog }, [server('a')], false);
    expect(it.capabilities).toEqual({ tools: { listChanged: true }, tasks: { list: {} }, experimental: { x: {} } });
    expect([it.instructions(), it.serverInfo]).toEqual(['Be kind.', { name: 'fake', version: '1' }]);
  });

  test('of several are the features of all, with instructions by server', () => {
    const one = catalogOf({ capabilities: { resources: { subscribe: true }, tasks: {} }, instructions: 'One.' });
    const two = catalogOf({ capabilities: { resources: {}, logging: {} }, instructions: 'Two.' });
    const it = view({ one, two }, [server('one'), server('two')]);
    expect(it.capabilities).toEqual({
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
    });
    expect([it.instructions(), it.serverInfo]).toEqual(['## one\nOne.\n\n## two\nTwo.', null]);
  });

  test('of servers that nobody has listed yet is little, and in order', () => {
    const it = view({}, [server('a')]);
    expect(it.capabilities).toEqual({ tools: { listChanged: true } });
    expect([it.instructions(), it.json('tools')]).toEqual([null, '[]']);
  });

  test('is not taken over by a server that names odd capabilities', () => {
    const odd = catalogOf({
      capabilities: JSON.parse('{"tools":{"__proto__":{"listChanged":"owned"}}}') as JsonObject,
    });
    expect(Object.getPrototypeOf(view({ odd }, [server('odd')]).capabilities['tools'])).toBe(Object.prototype);
  });
});
