import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { findTestDeno } from '../support/deno.ts';

/** Tools that models wrote on a hub without an engine: what they can do is asked from inside. */

const found = await findTestDeno();
const title = 'missing' in found ? ` (skipped: ${found.missing})` : '';
const source = readFileSync(path.join(import.meta.dirname, 'fixtures/sandbox-tool.mjs'), 'utf8');
const refused = { error: 'NotCapable' };
let app: TestApp;
let folder = '';

async function register(name: string, files: Json): Promise<void> {
  const body = { folder_name: name, script_files: files, readme: '', dependencies: '' };
  expect((await app.json('/mcp/register-tool', { body })).status).toBe(200);
  const { hash } = await app.client().generatedTools.get.query({ id: name });
  await app.client().generatedTools.enable.mutate({ id: name, hash, hosts: [] });
}
function server(id: string) {
  return app.client().servers.get.query({ id });
}
async function run(name: string, files: Json = {}): Promise<void> {
  await register(name, { 'main.mjs': source, ...files });
  await expect.poll(async () => (await server(name)).status, { timeout: 60_000 }).toMatchObject({ phase: 'running' });
}
async function fails(name: string, files: Json): Promise<string> {
  await register(name, files);
  await expect.poll(async () => (await server(name)).status.phase, { timeout: 60_000 }).toBe('error');
  return (await server(name)).status.error ?? '';
}
async function call(id: string, tool: string, args: object = {}): Promise<Json> {
  const asked = { server_name: id, tool_name: tool, params: args };
  const { status, body } = await app.json('/mcp/test-tool', { body: asked });
  expect([status, body.status], JSON.stringify(body)).toEqual([200, 'success']);
  return JSON.parse(body.result);
}

describe.skipIf('missing' in found)(`a generated tool in Deno${title}`, { timeout: 300_000 }, () => {
  beforeAll(async () => {
    if ('missing' in found) return;
    folder = mkdtempSync(path.join(tmpdir(), 'switchboard-deno-'));
    // Where every account may run it.
    chmodSync(folder, 0o755);
    const program = path.join(folder, 'deno');
    copyFileSync(found.program, program);
    chmodSync(program, 0o755);
    app = await createTestApp({ TOOL_SANDBOX: 'deno', TOOL_DENO: program });
  });
  afterAll(async () => {
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const { items } = await app.client().servers.list.query({ limit: 100 });
    for (const { id } of items) await app.client().servers.remove.mutate({ id });
    await expect.poll(() => readdirSync(path.join(app.dataDir, 'tools')), { timeout: 60_000 }).toEqual([]);
  });

  test('answers, in TypeScript too, and finds its own files', async () => {
    const typed = source.replace('function attempt(run)', 'function attempt(run: () => unknown): unknown');
    await register('typed', {
      'main.ts': `import word from './lib/word.json' with { type: 'json' };\n${typed}\nif (word !== 'own') throw new Error(word);`,
      'lib/word.json': '"own"',
    });
    await expect.poll(async () => (await server('typed')).status.phase, { timeout: 60_000 }).toBe('running');
    expect(await call('typed', 'echo', { a: 1 })).toEqual({ a: 1 });
    expect(await call('typed', 'read', { path: 'lib/word.json' })).toEqual({ ok: '"own"' });
  });

  test('reads and writes nothing else, and sees no environment, processes and network', async () => {
    await run('closed');
    const port = Number(new URL(app.url).port);
    const asked: [string, object][] = [
      ['read', { path: '/etc/passwd' }],
      ['read', { path: '../imports.json' }],
      ['read', { path: path.join(app.dataDir, 'hub-id') }],
      ['read', { path: '/proc/self/environ' }],
      ['list', { path: '/' }],
      ['write', { path: '/tmp/x' }],
      ['write', { path: 'x' }],
      ['write', { path: 'main.mjs' }],
      ['env', {}],
      ['who', {}],
      ['interfaces', {}],
      ['run', { command: '/bin/true', args: [] }],
      ['kill', { pid: process.pid }],
      ['connect', { host: '127.0.0.1', port }],
      ['connect', { host: '1.1.1.1', port: 443 }],
      ['connect', { path: '/var/run/docker.sock' }],
      ['fetch', { url: app.url }],
    ];
    for (const [tool, args] of asked)
      expect([tool, args, await call('closed', tool, args)]).toEqual([tool, args, refused]);
  });

  test.each([
    "import text from '/etc/passwd' with { type: 'text' };",
    "import text from 'FILE://localhost/etc/passwd' with { type: 'text' };",
    "import text from '/proc/self/environ' with { type: 'text' };",
    "import text from '../imports.json' with { type: 'json' };",
    "import text from './..%2fimports.json' with { type: 'json' };",
    "import text from './%2e%2e/imports.json' with { type: 'json' };",
    "import text from './/etc/passwd' with { type: 'text' };",
    "const text = await import('/etc/passwd', { with: { type: 'text' } });",
    `import text from 'data:text/javascript,export%20{default}%20from%20"/etc/passwd"%20with%20{type:"text"}';`,
    "import text from 'npm:left-pad';",
    "import text from 'https://example.com/x.js';",
  ])('imports nothing from outside: %s', async (line) => {
    // It would run if what it imports were there.
    const error = await fails('nosy', { 'main.mjs': `${line}\nconsole.error('GOT', text);\n${source}` });
    expect(error).not.toContain('GOT');
    expect(error).not.toContain('root:');
  });

  test('runs without rights, and what it is made of is not listed', async () => {
    await run('own');
    const { pid } = (await server('own')).status;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).not.toMatch(/^Uid:\s+0/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(statSync(path.join(app.dataDir, 'tools')).mode & 0o777).toBe(0o711);
  });

  test('fills no disk with temporary tables, which SQLite keeps in files', async () => {
    await run('spilling');
    const { pid } = (await server('spilling')).status;
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max file size +0 +0 /m);
    const { body } = await app.json('/mcp/test-tool', {
      body: { server_name: 'spilling', tool_name: 'spill', params: {} },
    });
    expect(body.result ?? '').not.toContain('ok');
    expect(JSON.stringify(body)).toMatch(/SIGXFSZ|ERR_SQLITE/);
  });

  test('goes before the hub where the machine runs out of memory', async () => {
    await run('first');
    const { pid } = (await server('first')).status;
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
  });

  test('is ended where it takes too much memory, in buffers as in objects', async () => {
    await run('hungry');
    const { body } = await app.json('/mcp/test-tool', {
      body: { server_name: 'hungry', tool_name: 'eat', params: {} },
    });
    expect(body.status).toBe('error');
    await expect.poll(async () => (await server('hungry')).status.phase, { timeout: 120_000 }).toBe('running');
    const lines = await app.client().servers.logs.query({ id: 'hungry' });
    expect(JSON.stringify(lines)).toMatch(/256 MB of memory/);
  });

  test('does not keep a call for longer than its server may, and ends with its server', async () => {
    await run('slow');
    const limits = { callTimeoutMs: 1_000, maxCallMs: 1_000 };
    await app.client().servers.update.mutate({ id: 'slow', patch: { limits } });
    await expect.poll(async () => (await server('slow')).status.phase, { timeout: 60_000 }).toBe('running');
    const { pid } = (await server('slow')).status;
    const { body } = await app.json('/mcp/test-tool', { body: { server_name: 'slow', tool_name: 'hang', params: {} } });
    expect(body).toMatchObject({ status: 'error' });
    await app.client().servers.remove.mutate({ id: 'slow' });
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  test('is not run in Python', async () => {
    expect(await fails('snake', { 'main.py': 'def main():...' })).toMatch(
      /^The tool is written, and cannot run here: .*Python/,
    );
  });
});

test('nothing runs where the settings say so', { timeout: 120_000 }, async () => {
  app = await createTestApp({ TOOL_SANDBOX: 'none' });
  try {
    const error = await fails('weather', { 'main.mjs': source });
    expect(error).toMatch(/^The tool is written, and cannot run here: .*TOOL_SANDBOX/);
  } finally {
    await app.stop();
  }
});
