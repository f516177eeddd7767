import { describe, expect, it } from 'vitest';
import { estimateTokens, exposureOf } from './exposure.ts';
import { exposedName } from './naming.ts';
import { resourceCandidates } from './reach.ts';
import type { Catalog, EndpointSelection, SelectedServer } from './types.ts';
import { compileView } from './view.ts';

function catalog(tools: string[], more: Partial<Catalog> = {}): Catalog {
  return {
    protocolVersion: '2025-11-25',
    supportedVersions: ['2025-11-25'],
    serverInfo: { name: 'fake', version: '1' },
    capabilities: { tools: {}, resources: {} },
    instructions: null,
    tools: tools.map((name) => ({ name, description: `Does ${name}`, inputSchema: { type: 'object' } })),
    prompts: [],
    resources: [],
    resourceTemplates: [],
    ...more,
  };
}

function group(...servers: Partial<SelectedServer>[]): EndpointSelection {
  return {
    endpoint: 'team',
    title: 'Team',
    prefixed: true,
    servers: servers.map((server) => ({ serverId: 'files', overrides: {}, ...server })),
  };
}

function compile(selection: EndpointSelection, catalogs: Record<string, Catalog>) {
  return compileView(selection, (id) => catalogs[id] ?? null);
}

const on = { enabled: true, description: null };

describe('a group’s endpoint', () => {
  it('names by alias and rename, and routes to the server’s own name', () => {
    const overrides = { tool: { read: { ...on, rename: 'open', description: 'Opens' } } };
    const view = compile(group({ alias: 'docs', overrides }), { files: catalog(['read', 'write']) });
    expect([...view.tools.keys()]).toEqual(['docs__open', 'docs__write']);
    expect(view.tools.get('docs__open')).toMatchObject({ serverId: 'files', name: 'read' });
    expect(JSON.parse(view.json('tools'))).toMatchObject([{ name: 'docs__open', description: 'Opens' }, {}]);
  });

  it('keeps names within 64 characters, whatever alias and rename are', () => {
    const overrides = { tool: { read: { ...on, rename: 'r'.repeat(64) } } };
    const view = compile(group({ alias: 'a'.repeat(32), overrides }), { files: catalog(['read']) });
    const [name = ''] = view.tools.keys();
    expect(name).toHaveLength(64);
    expect(name).toBe(exposedName('a'.repeat(32), 'r'.repeat(64)));
  });

  it('shows only chosen items, and new ones stay out', () => {
    const selection = group({ only: { tool: ['read', 'gone'] } });
    expect([...compile(selection, { files: catalog(['read']) }).tools.keys()]).toEqual(['files__read']);
    expect([...compile(selection, { files: catalog(['new', 'read']) }).tools.keys()]).toEqual(['files__read']);
  });

  it('leaves off what is switched off though it is chosen', () => {
    const off = { tool: { read: { enabled: false, description: null } } };
    const view = compile(group({ only: { tool: ['read'] }, overrides: off }), { files: catalog(['read']) });
    expect([...view.tools.keys()]).toEqual([]);
  });

  it('reports names that two tools want, and gives them to the first', () => {
    const overrides = { tool: { write: { ...on, rename: 'read' } } };
    const view = compile(group({ overrides }), { files: catalog(['read', 'write']) });
    expect(view.tools.get('files__read')).toMatchObject({ name: 'read' });
    expect(exposureOf(view).collisions).toEqual([
      { type: 'tool', exposedName: 'files__read', serverId: 'files', name: 'write', takenBy: 'files' },
    ]);
  });

  it('reads nothing but chosen resources and what fits a chosen template', () => {
    const resources = [{ uri: 'file:///a' }, { uri: 'file:///b' }];
    const resourceTemplates = [{ uriTemplate: 'log://{day}' }, { uriTemplate: 'secret://{name}' }];
    const catalogs = { files: catalog([], { resources, resourceTemplates }) };
    function readable(only: SelectedServer['only'], uri: string, mentionedBy?: string) {
      const view = compile(group(only ? { only } : {}), catalogs);
      const mentions = { first: true, get: () => mentionedBy };
      return resourceCandidates(view, uri, mentions, (id) => (id === 'files' ? catalogs.files : null)).length > 0;
    }
    const only = { resource: ['file:///a'], template: ['log://{day}'] };
    expect(readable(only, 'file:///a')).toBe(true);
    expect(readable(only, 'log://monday')).toBe(true);
    for (const uri of ['file:///b', 'secret://key', 'file:///unlisted']) {
      expect([uri, readable(only, uri), readable(only, uri, 'files')]).toEqual([uri, false, false]);
      expect(readable(undefined, uri)).toBe(true);
    }
  });
});

describe('the cost of an endpoint', () => {
  it('is the sum of what models are shown of its tools, and the instructions', () => {
    const catalogs = { files: catalog(['read', 'write'], { instructions: 'Read before you write.' }) };
    const all = exposureOf(compile(group({}), catalogs));
    const one = exposureOf(compile(group({ only: { tool: ['read'] } }), catalogs));
    expect(all.tools.map(({ exposedName: name }) => name)).toEqual(['files__read', 'files__write']);
    expect(all.tokens).toBeGreaterThan(one.tokens);
    expect(one.tokens).toBe((one.tools[0]?.tokens ?? 0) + estimateTokens('## files\nRead before you write.'));
  });

  it('is about a token for four letters, and one for each Chinese character', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a'.repeat(36))).toBe(10);
    expect(estimateTokens('服务器')).toBe(3);
  });
});
