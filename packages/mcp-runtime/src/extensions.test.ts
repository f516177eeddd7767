import { describe, expect, test } from 'vitest';
import { catalogOf, tool } from './testing.ts';
import type { Catalog, JsonObject, SelectedServer } from './types.ts';
import { compileView } from './view.ts';

const UI = 'io.modelcontextprotocol/ui';
const TASKS = 'io.modelcontextprotocol/tasks';
const SKILLS = 'io.modelcontextprotocol/skills';
const HTML = 'text/html;profile=mcp-app';

type Servers = Record<string, Partial<Catalog> & { more?: Partial<SelectedServer> }>;

function capabilities(servers: Servers, prefixed = true): JsonObject {
  const catalogs = new Map(Object.entries(servers).map(([id, over]) => [id, catalogOf(over)]));
  const selected = Object.entries(servers).map(([serverId, { more }]) => ({ serverId, overrides: {}, ...more }));
  const selection = { endpoint: 'all', title: 'All', prefixed, servers: selected };
  return compileView(selection, (id) => catalogs.get(id) ?? null).capabilities;
}
const offering = (extensions: unknown, over: Partial<Catalog> = {}): Partial<Catalog> => ({
  capabilities: { tools: {}, resources: {}, extensions },
  tools: [tool('t')],
  ...over,
});
const appTool = (name: string): JsonObject => ({ ...tool(name), _meta: { ui: { resourceUri: `ui://${name}` } } });
const switchedOff = (name: string): Partial<SelectedServer> => ({
  overrides: { tool: { [name]: { enabled: false, description: null } } },
});

describe('the extensions of an endpoint of several servers', () => {
  test('are those of all its servers', () => {
    const it = capabilities({ a: offering({ [UI]: {} }), b: offering({ [TASKS]: {} }), c: {} });
    expect(it['extensions']).toEqual({ [UI]: {}, [TASKS]: {} });
  });

  test('are those of the one server it has now, and none where no server has any', () => {
    expect(capabilities({ a: offering({ [UI]: {} }) })['extensions']).toEqual({ [UI]: {} });
    expect(capabilities({ a: {}, b: {} })).not.toHaveProperty('extensions');
  });

  test('come and go with their servers', () => {
    const a = { serverId: 'a', overrides: {} };
    const catalog = catalogOf(offering({ [UI]: {} }));
    const selection = { endpoint: 'all', title: 'All', prefixed: true, servers: [a] };
    const before = compileView(selection, () => null);
    const after = compileView(selection, () => catalog, before);
    expect([before.capabilities['extensions'], after.capabilities['extensions']]).toEqual([undefined, { [UI]: {} }]);
  });

  test('have the types of interface of all servers', () => {
    const it = capabilities({
      a: offering({ [UI]: { mimeTypes: [HTML], level: 1, own: true } }),
      b: offering({ [UI]: { mimeTypes: [HTML, 'text/uri-list', 7], level: 1, own: false } }),
      c: offering({ [UI]: { level: 1, mimeTypes: 'odd' } }),
    });
    expect(it['extensions']).toEqual({ [UI]: { level: 1, mimeTypes: [HTML, 'text/uri-list'] } });
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
      a: offering({ [SKILLS]: {}, 'io.modelcontextprotocol/oauth-client-credentials': {} }),
    });
    expect(it).not.toHaveProperty('extensions');
  });

  test.each<[string, string, Partial<Catalog>, string, boolean]>([
    ['interfaces', UI, { tools: [appTool('t'), tool('u')] }, 't', false],
    ['interfaces', UI, { tools: [appTool('t'), tool('u')] }, 'u', true],
    [
      'interfaces of the first kind',
      UI,
      { tools: [{ ...tool('t'), _meta: { 'ui/resourceUri': 'ui://t' } }] },
      'u',
      true,
    ],
    ['a listed interface', UI, { tools: [tool('t')], resources: [{ uri: 'ui://t', name: 't' }] }, 't', true],
    ['tasks', TASKS, { tools: [tool('t')] }, 't', false],
    ['tasks', TASKS, { tools: [tool('t'), tool('u')] }, 't', true],
    ['something unknown', 'a.example/x', { tools: [tool('t')] }, 't', false],
    ['something unknown', 'a.example/x', { tools: [tool('t'), tool('u')] }, 't', true],
  ])('%s: what the caller does not see brings none (%s)', (_what, id, over, off, stays) => {
    const server = { ...offering({ [id]: {} }, over), more: switchedOff(off) };
    expect(capabilities({ a: server })['extensions']).toEqual(stays ? { [id]: {} } : undefined);
    expect(capabilities({ a: server }, false)['extensions']).toEqual(stays ? { [id]: {} } : undefined);
  });

  test('of a whole server at its own endpoint are its own words', () => {
    const words = { [SKILLS]: { directoryRead: true }, 'a.example/x': {} };
    expect(capabilities({ a: offering(words) }, false)['extensions']).toEqual(words);
  });
});

describe('what a hostile server declares', () => {
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { a: deep(levels - 1) });

  test('is no more than some ids of some size, and takes nothing from the others', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`evil.example/${at}`, {}]));
    const evil = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`evil${at}`, offering(many)]));
    const it = capabilities({ ...evil, good: offering({ [UI]: { mimeTypes: [HTML] }, 'good.example/x': {} }) });
    const extensions = it['extensions'] as JsonObject;
    expect(Object.keys(extensions)).toHaveLength(34);
    expect(extensions).toMatchObject({ [UI]: { mimeTypes: [HTML] }, 'good.example/x': {} });
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
    const experimental = (value: JsonObject): Partial<Catalog> => ({
      capabilities: { tools: {}, experimental: value },
    });
    expect(
      capabilities({
        a: experimental({ one: { a: 1 }, same: {}, other: { b: 1 } }),
        b: experimental({ same: {}, other: { b: 2 } }),
      })['experimental'],
    ).toEqual({ one: { a: 1 }, same: {} });
  });

  test('tasks of calls are those of all servers with tools', () => {
    const tasks = (value: JsonObject, tools: JsonObject[]): Partial<Catalog> => ({
      capabilities: { tasks: value },
      tools,
    });
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
