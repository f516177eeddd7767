import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { clientKinds, type ClientKind, type TestClient } from '../support/mcp/test-client.ts';
import { until } from '../support/until.ts';
import { textOf } from './behaviours.ts';

/** Programs we did not write, as upstreams: the reference servers of the protocol's own repository. */

function program(name: string): string {
  return createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);
}

let hub: HubProcess;
let folder: string;
const children: ChildProcess[] = [];

async function startEverything(transport: 'sse' | 'streamableHttp'): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const child = spawn(process.execPath, [program('server-everything'), transport], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port) },
    stdio: 'ignore',
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`;
  function answers(): Promise<boolean> {
    return fetch(url, { method: 'OPTIONS', signal: AbortSignal.timeout(1000) }).then(
      () => true,
      () => false,
    );
  }
  await until(answers, `server-everything over ${transport} listens`);
  return url;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'files-'));
  // Where the hub is root, its children are not.
  await chmod(folder, 0o777);
  await writeFile(path.join(folder, 'hello.txt'), 'hello from a file');
  hub = await startHub();
  const node = { kind: 'stdio' as const, command: process.execPath };
  await hub.add('everything', { ...node, args: [program('server-everything')] });
  await hub.add('filesystem', { ...node, args: [program('server-filesystem'), folder] });
  await hub.add('memory', {
    ...node,
    args: [program('server-memory')],
    env: { MEMORY_FILE_PATH: path.join(folder, 'memory.jsonl') },
  });
  await hub.add('everything-sse', { kind: 'sse', url: await startEverything('sse') });
  await hub.add('everything-http', { kind: 'streamable-http', url: await startEverything('streamableHttp') });
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const child of children) child.kill('SIGKILL');
  if (folder) await rm(folder, { recursive: true, force: true });
});

function open(kind: ClientKind, endpoint?: string): Promise<TestClient> {
  return connect(kind, kind === 'v1-sse' ? hub.sseUrl(endpoint) : hub.url(endpoint), { headers: hub.headers });
}

const everything = ['everything', 'everything-sse', 'everything-http'];
const pairs = clientKinds.flatMap((kind) => everything.map((server) => [kind, server] as const));

describe.each(pairs)('%s at %s', (kind, server) => {
  test('lists, calls, and carries progress', async () => {
    await using client = await open(kind, server);
    const tools = (await client.list('tools/list', 'tools')).map(({ name }) => name);
    expect(tools).toEqual(expect.arrayContaining(['echo', 'get-sum', 'trigger-long-running-operation']));
    expect(textOf(await client.call('echo', { message: 'hi' }))).toBe('Echo: hi');
    expect(textOf(await client.call('get-sum', { a: 2, b: 3 }))).toContain('5');
    const seen: number[] = [];
    await client.call(
      'trigger-long-running-operation',
      { duration: 0.4, steps: 4 },
      // The v2 client tells of its own rounds of questions by the same way, without a total.
      { onprogress: ({ progress, total }) => total === 4 && seen.push(Number(progress)) },
    );
    // Clients drop progress that they read together with the answer: where they are busy, the last of it.
    expect(seen).toEqual([1, 2, 3, 4].slice(0, seen.length));
    expect(seen).not.toEqual([]);
  });

  test('reads resources and gets prompts', async () => {
    await using client = await open(kind, server);
    const [resource] = await client.list('resources/list', 'resources');
    const read = await client.request('resources/read', { uri: String(resource?.['uri']) });
    expect(read['contents']).toHaveLength(1);
    const prompts = await client.list('prompts/list', 'prompts');
    expect(prompts.length).toBeGreaterThan(1);
    const prompt = await client.request('prompts/get', { name: 'simple-prompt' });
    expect(prompt['messages']).toHaveLength(1);
  });

  test('is offered at once what is only for clients that can be asked', async () => {
    await using client = await open(kind, server);
    const tools = (await client.list('tools/list', 'tools')).map(({ name }) => name);
    const conditional = ['get-roots-list', 'trigger-elicitation-request', 'trigger-sampling-request'];
    expect(tools).toEqual(expect.arrayContaining(conditional));
    const elicited = await client.call('trigger-elicitation-request');
    expect(client.asked.map(({ method }) => method)).toContain('elicitation/create');
    expect(textOf(elicited)).toContain('User provided');
    const sampled = await client.call('trigger-sampling-request', { prompt: 'Say hello', maxTokens: 10 });
    expect(JSON.stringify(sampled)).toContain('model says');
  });

  test('finds that by its name where nothing was listed', async () => {
    await using client = await open(kind, server);
    await client.call('trigger-elicitation-request');
    expect(client.asked.map(({ method }) => method)).toContain('elicitation/create');
  });
});

describe('at the endpoint of all servers', () => {
  test.each(clientKinds)('%s is offered it too', async (kind) => {
    await using client = await open(kind);
    const tools = (await client.list('tools/list', 'tools')).map(({ name }) => name);
    for (const server of everything) expect(tools).toContain(`${server}__trigger-elicitation-request`);
    await client.call('everything__trigger-elicitation-request');
    expect(client.asked.map(({ method }) => method)).toContain('elicitation/create');
  });
});

describe('the filesystem server', () => {
  test('reads the directory it was given, and no other', async () => {
    await using client = await open('v1-streamable', 'filesystem');
    function read(file: string) {
      return client.call('read_text_file', { path: file });
    }
    expect(textOf(await read(path.join(folder, 'hello.txt')))).toContain('hello from a file');
    expect(await read('/etc/passwd')).toMatchObject({ isError: true });
  });

  test('takes the roots of a client that has some', async () => {
    const answers = { 'roots/list': () => ({ roots: [{ uri: `file://${folder}`, name: 'mine' }] }) };
    await using client = await connect('v1-streamable', hub.url('filesystem'), { headers: hub.headers, answers });
    expect(textOf(await client.call('list_allowed_directories'))).toContain(folder);
  });
});

describe('the memory server', () => {
  test('remembers between clients of different eras', async () => {
    await using old = await open('v1-streamable', 'memory');
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote the first program'] }];
    await old.call('create_entities', { entities });
    await using modern = await open('v2-modern');
    const graph = await modern.call('memory__search_nodes', { query: 'Ada' });
    expect(JSON.stringify(graph)).toContain('wrote the first program');
  });
});
