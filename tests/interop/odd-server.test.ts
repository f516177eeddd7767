import path from 'node:path';
import { Client as V2Client, StreamableHTTPClientTransport as V2Http } from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import {
  goodTool,
  readAll,
  strictClients,
  type StrictClient,
  type StrictLists,
  type Understood,
} from '../support/mcp/strict.ts';

/** A server with odd definitions beside one that is in order, as the official clients see them through the hub. */

const program = path.join(import.meta.dirname, '../support/mcp/odd-stdio.ts');
const object = { type: 'object' };

const mended: Json[] = [
  { name: 'no-schema' },
  { name: 'null-schema', inputSchema: null },
  { name: 'empty-schema', inputSchema: {} },
  { name: 'true-schema', inputSchema: true },
  goodTool('one-of', { inputSchema: { oneOf: [object] } }),
  goodTool('types', { inputSchema: { type: ['object', 'null'] } }),
  goodTool('null-fields', { description: null, title: null, annotations: null, outputSchema: null, icons: null }),
  goodTool('dangling', { outputSchema: { ...object, properties: { v: { $ref: '#/$defs/Gone' } } } }),
  goodTool('int', { outputSchema: { ...object, properties: { v: { type: 'int' } } } }),
  goodTool('array-output', { outputSchema: { type: 'array' } }),
];
const withheld: Json[] = [
  { name: 'text-schema', inputSchema: { type: 'string' } },
  { name: 'false-schema', inputSchema: false },
];
const leftOut = [null, 'text', { inputSchema: object }, { name: 7, inputSchema: object }, goodTool('types')];

function initialize(over: Json = {}): Json {
  return {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'fixture', version: '1' },
    ...over,
  };
}

const servers: Record<string, Json> = {
  good: { initialize: initialize(), 'tools/list': { tools: [goodTool('fine')] } },
  odd: {
    initialize: initialize({
      capabilities: { tools: null, prompts: { listChanged: null }, resources: {}, logging: null },
      serverInfo: { version: 5 },
    }),
    'tools/list': { tools: [...mended, ...withheld, ...leftOut], nextCursor: '' },
    'prompts/list': {
      prompts: [
        { name: 'p', arguments: null },
        { name: 'q', arguments: [{ name: 'a', required: 1 }] },
      ],
    },
    'resources/list': { resources: [{ uri: 'x://1' }, { uri: 5, name: 'five' }] },
    'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'x://{id}', mimeType: null }] },
  },
  undeclared: { initialize: initialize({ capabilities: {} }), 'tools/list': { tools: [goodTool('forgotten')] } },
  map: { initialize: initialize(), 'tools/list': { tools: { a: goodTool('a') } } },
};

let hub: HubProcess;

beforeAll(async () => {
  // A client tells of each list that it does not ask for.
  vi.spyOn(console, 'debug').mockImplementation(() => undefined);
  hub = await startHub();
  for (const [id, answers] of Object.entries(servers)) {
    await hub.add(id, { kind: 'stdio', command: process.execPath, args: [program, JSON.stringify(answers)] });
  }
});
afterAll(() => hub?.[Symbol.asyncDispose]());

async function closing(client: StrictLists & { close(): Promise<void> }): Promise<Understood> {
  try {
    return await readAll(client);
  } finally {
    await client.close();
  }
}

/** What an official client understands at an endpoint; rejects where it refuses something. */
async function strictly(kind: StrictClient, endpoint?: string): Promise<Understood> {
  const url = new URL(hub.url(endpoint));
  const options = { requestInit: { headers: hub.headers } };
  if (kind === 'v1') {
    const client = new V1Client({ name: 'strict', version: '1' });
    await client.connect(new V1Http(url, options));
    return closing(client);
  }
  const mode = kind === 'v2-modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new V2Client({ name: 'strict', version: '2' }, { versionNegotiation: { mode } });
  await client.connect(new V2Http(url, options));
  return closing(client);
}

function names(tools: readonly Json[], prefix = ''): string[] {
  return tools.map(({ name }) => `${prefix}${String(name)}`);
}

describe.each(strictClients)('%s', (kind) => {
  test('lists the tools of all servers, and of the odd one all but those it would refuse', async () => {
    const lists = await strictly(kind);
    expect(lists.tools.toSorted()).toEqual(
      ['good__fine', 'undeclared__forgotten', ...names(mended, 'odd__')].toSorted(),
    );
    expect(lists.prompts).toEqual(['odd__p', 'odd__q']);
    expect(lists.resources).toEqual(['x://1']);
    expect(lists.resourceTemplates).toEqual(['x://{id}']);
  });

  test('lists tools that their server does not declare at its own endpoint', async () => {
    expect((await strictly(kind, 'undeclared')).tools).toEqual(['forgotten']);
    expect((await strictly(kind, 'map')).tools).toEqual([]);
  });
});

describe('at its own endpoint', () => {
  test('the odd server passes what is withheld elsewhere, and calls of all reach it', async () => {
    await using client = await connect('v1-streamable', hub.url('odd'), { headers: hub.headers });
    const tools = await client.list('tools/list', 'tools');
    expect(names(tools)).toEqual(names([...mended, ...withheld]));
    expect(tools.find(({ name }) => name === 'text-schema')).toEqual(withheld[0]);
    for (const name of ['text-schema', 'one-of', 'dangling']) {
      const { content } = await client.call(name, { a: 1 });
      expect(content).toMatchObject([{ text: expect.stringContaining(JSON.stringify({ a: 1 })) }]);
    }
  });

  test('a withheld tool is not to be called among others', async () => {
    await using client = await connect('v1-streamable', hub.url(), { headers: hub.headers });
    await expect(client.call('odd__text-schema')).rejects.toThrow(/text-schema/);
    expect(await client.call('odd__one-of')).toMatchObject({ content: [{ type: 'text' }] });
  });
});

describe('for people', () => {
  test('the page is told what was done, and counts what clients get', async () => {
    const items = await hub.api.servers.items.query({ id: 'odd' });
    expect(items.tools.map(({ name }) => name)).toEqual(names([...mended, ...withheld]));
    const { status } = await hub.api.servers.get.query({ id: 'odd' });
    expect(status).toMatchObject({ health: 'healthy', toolCount: items.tools.length });
    const told = items.notes.map(({ type, name, effect, reason }) => [type, name, effect, reason]);
    for (const { name } of withheld) expect(told).toContainEqual(['tool', name, 'withheld', 'input-unusable']);
    for (const { name } of mended) expect(told).toContainEqual(['tool', name, 'changed', expect.any(String)]);
    expect(told).toContainEqual(['tool', 'types', 'left-out', 'listed-twice']);
    expect(told.filter(([, , effect]) => effect === 'left-out')).toHaveLength(leftOut.length + 1);
    expect(told).toContainEqual(['server', null, 'changed', 'field']);
  });

  test('the log names the items and the reasons, once', async () => {
    const { lines } = await hub.api.servers.logs.query({ id: 'odd' });
    const about = lines.filter(({ source, message }) => source === 'hub' && message.includes('text-schema'));
    expect(about).toHaveLength(1);
    expect(about[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('describes no object') });
    const { lines: others } = await hub.api.servers.logs.query({ id: 'undeclared' });
    expect(others.map(({ message }) => message)).toContainEqual(expect.stringContaining('does not declare tools'));
    const { lines: map } = await hub.api.servers.logs.query({ id: 'map' });
    expect(map.map(({ message }) => message)).toContainEqual(expect.stringContaining('tools/list has no list'));
  });
});
