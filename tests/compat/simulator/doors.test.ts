import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { connect } from '../../support/mcp/clients.ts';
import type { Json } from '../../support/mcp/script-types.ts';

/** One product through its two doors: its own URL, and the server that shows it in the hub. */

const inspector = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json')),
  'clients/launcher/build/index.js',
);
const scan = { name: 'query_ip', arguments: { ip: '8.8.8.8' } };

let app: TestApp;
let home: string;
let doors: { title: string; url: string; headers: Record<string, string> }[];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'home-'));
  app = await createTestApp();
  const api = app.client().apps;
  await api.update.mutate({ id: 'Security/VirusTotal', patch: { seed: 'the same' } });
  const shown = await api.show.mutate({ id: 'Security/VirusTotal' });
  const { token } = await api.tokens.create.mutate({ apps: ['Security/VirusTotal'] });
  const hub = { authorization: `Bearer ${app.token}` };
  doors = [
    { title: 'short', url: `${app.url}/Security/VirusTotal?token=${token}`, headers: {} },
    { title: 'sim', url: `${app.url}/sim/Security/VirusTotal?token=${token}`, headers: {} },
    { title: 'hub', url: `${app.url}/mcp/${shown.id}`, headers: hub },
  ];
});
afterAll(async () => {
  await app?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

describe.each(['v1-streamable', 'v2-legacy', 'v2-modern'] as const)('%s', (kind) => {
  test('finds the same product behind each door', async () => {
    const found: Json[] = [];
    for (const { url, headers } of doors) {
      await using client = await connect(kind, url, { headers });
      const tools = await client.list('tools/list', 'tools');
      const prompts = await client.list('prompts/list', 'prompts');
      const resources = await client.list('resources/list', 'resources');
      const read = await client.request('resources/read', { uri: 'unimcpsim://Security/VirusTotal/actions' });
      const got = await client.request('prompts/get', { name: 'security_scan', arguments: { target: 'a host' } });
      const called = await client.call(scan.name, scan.arguments);
      expect(called['isError']).not.toBe(true);
      await expect(client.call('none', {})).rejects.toThrow();
      found.push({
        tools,
        prompts,
        resources,
        contents: read['contents'],
        messages: got['messages'],
        content: called['content'],
      });
    }
    const [first = {}, ...others] = found;
    expect((first['tools'] as Json[]).length).toBeGreaterThan(3);
    for (const other of others) expect(Object.keys(other)).toEqual(Object.keys(first));
    for (const other of others) {
      for (const part of ['prompts', 'resources', 'contents', 'messages']) expect(other[part]).toEqual(first[part]);
      expect((other['tools'] as Json[]).map(({ name }) => name)).toEqual(
        (first['tools'] as Json[]).map(({ name }) => name),
      );
    }
  });
});

function inspect(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [inspector, '--cli', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

test('the Inspector’s command line lists and calls through both doors', async () => {
  for (const { title, url, headers } of doors.slice(1)) {
    const target = [
      url,
      '--transport',
      'http',
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ];
    const listed = await inspect([...target, '--method', 'tools/list']);
    expect(listed, `${title}: ${listed.stderr}`).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"query_ip"'),
    });
    const called = await inspect([
      ...target,
      '--method',
      'tools/call',
      '--tool-name',
      'query_ip',
      '--tool-arg',
      'ip=8.8.8.8',
    ]);
    expect(called, `${title}: ${called.stderr}`).toMatchObject({ code: 0, stdout: expect.stringContaining('8.8.8.8') });
  }
});
