import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import type { ClientKind } from '../support/mcp/test-client.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { textOf } from './behaviours.ts';

/** What the hub does not know itself passes through it: extensions, tasks, fields, who a server says it is. */

let hub: HubProcess;
const upstreams: Upstream[] = [];

beforeAll(async () => {
  hub = await startHub();
  for (const [name, kind] of [
    ['web', 'v1-http'],
    ['child', 'v1-stdio'],
    ['modern', 'v2-modern-http'],
  ] as const) {
    const upstream = await upstreamPrograms[kind](name);
    upstreams.push(upstream);
    await hub.add(name, upstream);
  }
  const everything = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
  await hub.add('everything', { kind: 'stdio', command: process.execPath, args: [everything] });
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams) await upstream[Symbol.asyncDispose]();
});

function open(kind: ClientKind, endpoint?: string) {
  return connect(kind, hub.url(endpoint), { headers: hub.headers });
}

describe.each(['v1-streamable', 'v2-modern'] as const)('a %s client', (kind) => {
  test.each(['web', 'modern'])('sees the server %s as it presents itself, at its own endpoint', async (server) => {
    await using client = await open(kind, server);
    expect(client.serverInfo).toMatchObject({ name: server, title: `Scripted ${server}` });
    expect(client.instructions).toBe(`Be kind to ${server}.`);
    expect(client.capabilities).toMatchObject({ tools: { listChanged: true }, completions: {} });
    if (server === 'web') {
      expect(client.capabilities).toMatchObject({ experimental: { 'example.org/feature': { level: 2 } } });
    }
  });

  test('sees the hub itself among many servers', async () => {
    await using client = await open(kind);
    expect(JSON.stringify(client.serverInfo)).toMatch(/switchboard/i);
    expect(client.capabilities).toMatchObject({ tools: { listChanged: true }, resources: { subscribe: true } });
    expect(client.capabilities).toMatchObject({
      experimental: { 'example.org/feature': { level: 2 } },
      extensions: {
        'example.org/adding': {},
        'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] },
      },
    });
  });

  test('reaches a method the hub does not know, at the endpoint of the server that has it', async () => {
    await using client = await open(kind, 'web');
    expect(await client.request('example.org/add', { a: 2, b: 3 })).toMatchObject({ sum: 5 });
    await expect(client.request('example.org/none', {})).rejects.toThrow(/method not found/i);
  });
});

describe.each(['web', 'child'])('a session with the server %s', (server) => {
  test('carries a notification the hub does not know there and back', async () => {
    await using client = await open('v1-streamable', server);
    await client.call('echo', { text: 'so that there is somebody to hear it' });
    await client.notify('notifications/example.org/note', { word: 'hello' });
    expect((await client.next('notifications/example.org/noted')).params).toMatchObject({ word: 'hello' });
  });

  test('tells the server that the roots have changed, and the server can ask for them', async () => {
    await using client = await open('v1-streamable', server);
    await client.call('echo', { text: 'x' });
    await client.notify('notifications/roots/list_changed');
    const { params } = await client.next('notifications/message');
    expect(params).toMatchObject({ data: { roots: [{ uri: 'file:///work' }] } });
  });
});

describe.each(['its own endpoint', 'the endpoint of many'])('a task, at %s', (place) => {
  test('is made, watched and fetched where it was made', async () => {
    const own = place === 'its own endpoint';
    await using client = await open('v1-streamable', own ? 'everything' : undefined);
    const name = `${own ? '' : 'everything__'}simulate-research-query`;
    const made = await client.request('tools/call', {
      name,
      arguments: { topic: 'relays', ambiguous: false },
      task: { ttl: 60_000 },
    });
    const task = made['task'] as Json;
    expect(task).toMatchObject({ taskId: expect.any(String), status: expect.any(String) });
    const { taskId } = task;
    await expect
      .poll(async () => (await client.request('tasks/get', { taskId }))['status'], { timeout: 90_000, interval: 300 })
      .toBe('completed');
    expect(textOf(await client.request('tasks/result', { taskId }))).toMatch(/relays/i);
  });
});
