import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import type { TestClient } from '../support/mcp/test-client.ts';

/** Calls of servers that we did not write are recorded through the hub, and answered by a simulated product. */

let app: TestApp;
let folder: string;

function program(name: string): string {
  return createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'recorded-'));
  // Where the hub is root, its children are not.
  await chmod(folder, 0o755);
  await writeFile(path.join(folder, 'hello.txt'), `hello\n${'a line of some length\n'.repeat(1_000)}`);
  await writeFile(path.join(folder, 'odd.json'), '{"zebra": 1, "apple": [1.50, "…"], "10": null, "2": "ü\\u0000"}');
  app = await createTestApp();
  await add('everything', ['server-everything']);
  await add('filesystem', ['server-filesystem', folder]);
});
afterAll(async () => {
  await app?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function add(id: string, [name = '', ...args]: string[]): Promise<void> {
  const launch = { kind: 'stdio' as const, command: process.execPath, args: [program(name), ...args] };
  await app.client().servers.create.mutate({ id, name: id, ...launch, recording: 'all' });
}

function at(url: string, headers: Record<string, string> = {}): Promise<TestClient> {
  return connect('v2-legacy', `${app.url}${url}`, { headers });
}

type Call = [name: string, given: Json];
/** A result as text, which tells the order of its keys too. */
async function answers(client: TestClient, calls: readonly Call[]): Promise<string[]> {
  const texts: string[] = [];
  for (const [name, given] of calls) texts.push(JSON.stringify(await client.call(name, given)));
  return texts;
}

describe.each<[string, () => Call[]]>([
  [
    'everything',
    () => [
      ['echo', { message: 'Ünïcode "quoted" \\ and\nlines' }],
      ['get-sum', { a: 3, b: 0.1 }],
      ['get-sum', { a: 4, b: 5 }],
      ['get-tiny-image', {}],
      ['get-annotated-message', { messageType: 'error', includeImage: true }],
      ['get-structured-content', { location: 'New York' }],
      ['get-structured-content', { location: 'Chicago' }],
      ['get-resource-links', { count: 3 }],
    ],
  ],
  [
    'filesystem',
    () => [
      ['list_allowed_directories', {}],
      ['list_directory', { path: folder }],
      ['directory_tree', { path: folder }],
      ['read_text_file', { path: path.join(folder, 'hello.txt') }],
      ['read_text_file', { path: path.join(folder, 'hello.txt'), head: 3 }],
      ['read_text_file', { path: path.join(folder, 'odd.json') }],
      ['get_file_info', { path: path.join(folder, 'odd.json') }],
      ['read_text_file', { path: path.join(folder, 'absent.txt') }],
    ],
  ],
])('%s', (server, calls) => {
  test('is recorded in one go, and its app answers each recorded call byte for byte', async () => {
    const headers = { authorization: `Bearer ${app.token}` };
    const real = await at(`/mcp/${server}`, headers);
    const before = await answers(real, calls());
    await real.close();

    const api = app.client().apps;
    const { actions } = await api.draft.server.mutate({ server });
    const made = await api.create.mutate({
      category: 'Recorded',
      name: server,
      displayName: server,
      actions: actions as never,
    });
    const { pairs, left } = await api.pairs.ofCalls.mutate({ server });
    expect([pairs.length, left]).toEqual([calls().length, 0]);
    await api.pairs.add.mutate({ id: made.id, pairs, preferred: true });
    await app.client().servers.remove.mutate({ id: server });

    const { token } = await api.tokens.create.mutate({ apps: [made.id] });
    const product = await at(`/sim/Recorded/${server}?token=${token}`);
    expect(await answers(product, calls())).toEqual(before);
    expect((await product.list('tools/list', 'tools')).map(({ name }) => name)).toEqual(
      actions.map(({ name }) => name),
    );
    await product.close();

    const shown = await api.show.mutate({ id: made.id });
    const inHub = await at(`/mcp/${shown.id}`, headers);
    expect(await answers(inHub, calls())).toEqual(before);
    await inHub.close();
  });
});

test('what a server was told as a secret is in no recording', async () => {
  await add('vault', ['server-everything']);
  const client = await at('/mcp/vault', { authorization: `Bearer ${app.token}` });
  const key = `sk-${'a1b2c3d4'.repeat(5)}`;
  await client.call('echo', { message: `the key is ${key}` });
  await client.close();
  const { pairs } = await app.client().apps.pairs.ofCalls.mutate({ server: 'vault' });
  expect(pairs.length).toBe(1);
  expect(JSON.stringify(pairs)).not.toContain(key);
  expect(JSON.stringify(pairs)).toContain('the key is ***');
});
