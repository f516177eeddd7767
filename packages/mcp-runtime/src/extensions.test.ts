import { describe, expect, test } from 'vitest';
import { catalogOf, tool } from './testing.ts';
import type { Catalog, JsonObject, SelectedServer } from './types.ts';
import { compileView } from './view.ts';

const uiExtension = 'io.modelcontextprotocol/ui';
const tasksExtension = 'io.modelcontextprotocol/tasks';
const skills = 'io.modelcontextprotocol/skills';
const html = 'text/html;profile=mcp-app';

type Servers = Record<string, Partial<Catalog> & { more?: Partial<SelectedServer> }>;

function capabilities(servers: Servers, prefixed = true): JsonObject {
  const catalogs = new Map(Object.entries(servers).map(([id, over]) => [id, catalogOf(over)]));
  const selected = Object.entries(servers).map(([serverId, { more }]) => ({ serverId, overrides: {}, ...more }));
  const selection = { endpoint: 'all', title: 'All', prefixed, servers: selected };
  return compileView(selection, (id) => catalogs.get(id) ?? null).capabilities;
}
function offering(extensions: unknown, over: Partial<Catalog> = {}): Partial<Catalog> {
  return {
    capabilities: { tools: {}, resources: {}, extensions },
    tools: [tool('t')],
    ...over,
  };
}
function appTool(name: string): JsonObject {
  return { ...tool(name), _meta: { ui: { resourceUri: `ui://${name}` } } };
}
function switchedOff(name: string): Partial<SelectedServer> {
  return {
    overrides: { tool: { [name]: { enabled: false, description: null } } },
  };
}

describe('the extensions of an endpoint of several servers', () => {
  test('are those of all its servers', () => {
    const it = capabilities({ a: offering({ [uiExtension]: {} }), b: offering({ [tasksExtension]: {} }), c: {} });
    expect(it['extensions']).toEqual({ [uiExtension]: {}, [tasksExtension]: {} });
  });

  test('are those of the one server it has now, and none where no server has any', () => {
    expect(capabilities({ a: offering({ [uiExtension]: {} }) })['extensions']).toEqual({ [uiExtension]: {} });
    expect(capabilities({ a: {}, b: {} })).not.toHaveProperty('extensions');
  });

  test('come and go with their servers', () => {
    const a = { serverId: 'a', overrides: {} };
    const catalog = catalogOf(offering({ [uiExtension]: {} }));
    const selection = { endpoint: 'all', title: 'All', prefixed: true, servers: [a] };
    const before = compileView(selection, () => null);
    const after = compileView(selection, () => catalog, before);
    expect([before.capabilities['extensions'], after.capabilities['extensions']]).toEqual([
      undefined,
      { [uiExtension]: {} },
    ]);
  });

  test('have the types of interface of all servers', () => {
    const it = capabilities({
      a: offering({ [uiExtension]: { mimeTypes: [html], level: 1, own: true } }),
      b: offering({ [uiExtension]: { mimeTypes: [html, 'text/uri-list', 7], level: 1, own: false } }),
      c: offering({ [uiExtension]: { level: 1, mimeTypes: 'odd' } }),
    });
    expect(it['extensions']).toEqual({ [uiExtension]: { level: 1, mimeTypes: [html, 'text/uri-list'] } });
  });

  test('that the hub does not know are passed on where one server declares them, or all the same', () => {
    const it = capabilities({
      a: offering({ 'a.example/one': { x: [1] }, 'b.example/same': { y: 1 }, 'c.example/other': { z: 1 } }),
      b: offering({ 'b.example/same': { y: 1 }, 'c.example/other': { z: 2 } }),
    });
    expect(it['extensions']).toEqual({ 'a.example/one': { x: [1] }, 'b.example/same': { y: 1 } });
  });

  test('are not those whose methods no such endpoint passes on', () => {
    const it = capabilities({
      a: offering({ [skills]: {}, 'io.modelcontextprotocol/oauth-client-credentials': {} }),
    });
    expect(it).not.toHaveProperty('extensions');
  });

  test.each<[string, string, Partial<Catalog>, string, boolean]>([
    ['interfaces', uiExtension, { tools: [appTool('t'), tool('u')] }, 't', false],
    ['interfaces', uiExtension, { tools: [appTool('t'), tool('u')] }, 'u', true],
    [
      'interfaces of the first kind',
      uiExtension,
      { tools: [{ ...tool('t'), _meta: { 'ui/resourceUri': 'ui://t' } }] },
      'u',
      true,
    ],
    ['a listed interface', uiExtension, { tools: [tool('t')], resources: [{ uri: 'ui://t', name: 't' }] }, 't', true],
    ['tasks', tasksExtension, { tools: [tool('t')] }, 't', false],
    ['tasks', tasksExtension, { tools: [tool('t'), tool('u')] }, 't', true],
    ['something unknown', 'a.example/x', { tools: [tool('t')] }, 't', false],
    ['something unknown', 'a.example/x', { tools: [tool('t'), tool('u')] }, 't', true],
  ])('%s: what the caller does not see brings none (%s)', (_what, id, over, off, stays) => {
    const server = { ...offering({ [id]: {} }, over), more: switchedOff(off) };
    expect(capabilities({ a: server })['extensions']).toEqual(stays ? { [id]: {} } : undefined);
    expect(capabilities({ a: server }, false)['extensions']).toEqual(stays ? { [id]: {} } : undefined);
  });

  test('of a whole server at its own endpoint are its own words', () => {
    const words = { [skills]: { directoryRead: true }, 'a.example/x': {} };
    expect(capabilities({ a: offering(words) }, false)['extensions']).toEqual(words);
  });
});

describe('what a hostile server declares', () => {
  function deep(levels: number): JsonObject {
    return levels === 0 ? {} : { a: deep(levels - 1) };
  }

  test('is no more than some ids of some size, and takes nothing from the others', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`evil.example/${at}`, {}]));
    const evil = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`evil${at}`, offering(many)]));
    const it = capabilities({
      ...evil,
      good: offering({ [uiExtension]: { mimeTypes: [html] }, 'good.example/x': {} }),
    });
    const extensions = it['extensions'] as JsonObject;
    expect(Object.keys(extensions)).toHaveLength(34);
    expect(extensions).toMatchObject({ [uiExtension]: { mimeTypes: [html] }, 'good.example/x': {} });
  });

  test.each<[string, JsonObject]>([
    ['a long id', { ['x'.repeat(201)]: {} }],
    ['large settings', { 'evil.example/x': { text: 'x'.repeat(5000) } }],
    ['wide settings', { 'evil.example/x': Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [at, 1])) }],
    ['deep settings', { 'evil.example/x': deep(50) }],
    ['settings that are none', { 'evil.example/x': 7, 'evil.example/y': null, 'evil.example/z': [] }],
  ])('with %s is left out', (_what, extensions) => {
    expect(capabilities({ a: offering(extensions), b: {} })).not.toHaveProperty('extensions');
  });

  test('is bounded in all', () => {
    const servers = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `s${at}`,
        offering({ [`s${at}.example/x`]: { text: 'x'.repeat(4000) }, [`s${at}.example/y`]: {} }),
      ]),
    );
    expect(JSON.stringify(capabilities(servers)['extensions']).length).toBeLessThan(80_000);
  });

  test('with the name of a part of every object is an id like others', () => {
    const extensions = JSON.parse('{"__proto__":{"a":1},"constructor":{}}') as JsonObject;
    const it = capabilities({ a: offering(extensions), b: {} })['extensions'] as JsonObject;
    expect(Object.getPrototypeOf(it)).toBe(Object.prototype);
    expect(Object.keys(it)).toEqual(['__proto__', 'constructor']);
  });
});

describe('what else servers declare', () => {
  test('experiments are passed on where one server declares them, or all the same', () => {
    function experimental(value: JsonObject): Partial<Catalog> {
      return {
        capabilities: { tools: {}, experimental: value },
      };
    }
    expect(
      capabilities({
        a: experimental({ one: { a: 1 }, same: {}, other: { b: 1 } }),
        b: experimental({ same: {}, other: { b: 2 } }),
      })['experimental'],
    ).toEqual({ one: { a: 1 }, same: {} });
  });

  test('tasks of calls are those of all servers with tools', () => {
    function tasks(value: JsonObject, tools: JsonObject[]): Partial<Catalog> {
      return {
        capabilities: { tasks: value },
        tools,
      };
    }
    const requests = { tools: { call: {} } };
    expect(
      capabilities({
        a: tasks({ requests, list: {} }, [tool('t')]),
        b: tasks({ requests, cancel: {} }, [tool('t')]),
      })['tasks'],
    ).toEqual({ requests, cancel: {}, list: {} });
    expect(capabilities({ a: tasks({ requests }, []), b: tasks({ cancel: {} }, [tool('t')]) })).not.toHaveProperty(
      'tasks',
    );
  });
});
