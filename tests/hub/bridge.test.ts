import { spawn } from 'node:child_process';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';

const bridge = path.join(import.meta.dirname, '../../apps/server/src/bridge.ts');

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.client().servers.addDemo.mutate();
  await app.json('/api/servers/demo/restart', { method: 'POST' });
});
afterAll(() => app.stop());

function options(endpoint: string, key = app.token) {
  return {
    command: process.execPath,
    args: [bridge, '--url', `${app.url}${endpoint}`, '--key', key],
  };
}

test('a stdio client lists, calls, hears progress and is asked through it', async () => {
  const client = new Client({ name: 'stdio-only', version: '1' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({
    action: 'accept',
    content: { guests: 2, day: '2030-01-01' },
  }));
  await client.connect(new StdioClientTransport(options('/mcp/demo')));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('weather_report');
  const progress: number[] = [];
  const call = { name: 'count_down', arguments: { steps: 3, pauseMs: 20 } };
  await client.callTool(call, undefined, { onprogress: (update) => progress.push(update.progress) });
  // This client drops a last report that comes in one piece with the result.
  expect(progress.slice(0, 2)).toEqual([1, 2]);
  const booked = await client.callTool({ name: 'book_table', arguments: {} });
  expect(JSON.stringify(booked.content)).toContain('A table for 2');
  await client.close();
});

test('goes on after the hub forgot the session', async () => {
  const client = new Client({ name: 'stdio-only', version: '1' });
  await client.connect(new StdioClientTransport(options('/mcp')));
  const before = await client.listTools();
  const runtime = app.runtime.metrics();
  expect(runtime.sessions).toBeGreaterThan(0);
  await client.ping();
  expect((await client.listTools()).tools).toHaveLength(before.tools.length);
  await client.close();
});

test('says what is wrong with the key', async () => {
  const client = new Client({ name: 'stdio-only', version: '1' });
  await expect(client.connect(new StdioClientTransport(options('/mcp', 'sbk_wrong')))).rejects.toThrow(/--key/);
});

test('ends with its input, and explains itself without a URL', async () => {
  function run(args: string[]): Promise<{ code: number | null; errors: string }> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [bridge, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      child.once('exit', (code) => resolve({ code, errors }));
      child.stdin.end();
    });
  }
  expect((await run(['--url', `${app.url}/mcp`])).code).toBe(0);
  const bare = await run([]);
  expect(bare.code).toBe(2);
  expect(bare.errors).toMatch(/Usage/);
});
