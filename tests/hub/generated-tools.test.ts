import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { connect } from '../support/mcp/clients.ts';
import { findTestEngine, makeServerImage, type ServerImage, suiteTitle } from '../support/server-image.ts';

/** Tools that models wrote, once they are enabled: what they can do is asked from inside. */

const found = await findTestEngine();
let made: ServerImage;
let app: TestApp;

const source = readFileSync(path.join(import.meta.dirname, 'fixtures/sandbox-tool.mjs'), 'utf8');

async function register(name: string, more: Json = {}): Promise<void> {
  const { status, body } = await app.json('/mcp/register-tool', {
    body: { folder_name: name, script_files: { 'main.mjs': source }, readme: '', dependencies: '', ...more },
  });
  expect([status, body.status]).toEqual([200, 'success']);
}
async function enable(id: string, hosts: string[] = []): Promise<void> {
  const client = app.client().generatedTools;
  const { hash } = await client.get.query({ id });
  expect(await client.enable.mutate({ id, hash, hosts })).toMatchObject({ state: 'enabled', hosts });
}
function server(id: string) {
  return app.client().servers.get.query({ id });
}
async function run(name: string, hosts: string[] = [], more: Json = {}): Promise<void> {
  await register(name, more);
  await enable(name, hosts);
  await expect.poll(async () => (await server(name)).status, { timeout: 60_000 }).toMatchObject({ phase: 'running' });
}
async function call(id: string, tool: string, args: object = {}): Promise<Json> {
  const { status, body } = await app.json('/mcp/test-tool', {
    body: { server_name: id, tool_name: tool, params: args },
  });
  expect([status, body.status], JSON.stringify(body)).toEqual([200, 'success']);
  return JSON.parse(body.result);
}
function containers() {
  const id = readFileSync(path.join(app.dataDir, 'hub-id'), 'utf8').trim();
  return made.engine.containers.list({ labels: [`switchboard.hub=${id}`] });
}

describe.skipIf('missing' in found)(suiteTitle('a generated tool in a container', found), { timeout: 300_000 }, () => {
  beforeAll(async () => {
    if ('missing' in found) return;
    made = await makeServerImage(found.host);
    const dockerHost = found.host === '' ? {} : { DOCKER_HOST: found.host };
    app = await createTestApp({ ...dockerHost, TOOL_NODE_IMAGE: made.image, TOOL_PYTHON_IMAGE: made.image });
  });
  afterAll(async () => {
    await app?.stop();
    await made?.[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    const { items } = await app.client().servers.list.query({ limit: 100 });
    for (const { id } of items) await app.client().servers.remove.mutate({ id });
    expect(await containers()).toEqual([]);
  });

  test('runs once it is enabled, answers over MCP, and ends with each change', async () => {
    await register('weather');
    expect(await containers()).toEqual([]);
    expect((await server('weather')).status).toMatchObject({ phase: 'stopped', pid: null });
    await enable('weather');
    await expect.poll(async () => (await server('weather')).status.phase, { timeout: 60_000 }).toBe('running');
    await using client = await connect('v1-streamable', `${app.url}/mcp/weather`, {
      headers: { authorization: `Bearer ${app.token}` },
    });
    expect(JSON.stringify(await client.call('echo', { message: 'from inside' }))).toContain('from inside');
    expect(await containers()).not.toEqual([]);
    const files = { 'main.mjs': `${source}\n// changed` };
    await app.client().generatedTools.change.mutate({ id: 'weather', files });
    await expect.poll(async () => (await containers()).length, { timeout: 60_000 }).toBe(0);
    await expect.poll(async () => (await server('weather')).status.phase, { timeout: 60_000 }).toBe('stopped');
    await expect(app.client().servers.start.mutate({ id: 'weather' })).rejects.toThrow(/reviewed/);
    await enable('weather');
    expect(await call('weather', 'read', { path: '/tool/main.mjs' })).toEqual({ ok: source.slice(0, 1_000) });
    await app.client().generatedTools.disable.mutate({ id: 'weather' });
    await expect.poll(async () => (await containers()).length, { timeout: 60_000 }).toBe(0);
  });

  test('finds its files, and nothing to write to but /tmp', async () => {
    await run('files', [], { script_files: { 'main.mjs': source, 'lib/data.txt': 'data', 'lib/deep/er.txt': 'x' } });
    expect(await call('files', 'read', { path: '/tool/lib/data.txt' })).toEqual({ ok: 'data' });
    expect((await call('files', 'list', { path: '/tool' })).ok.toSorted()).toEqual(['lib', 'main.mjs']);
    for (const at of ['/tool/x', '/tool/main.mjs', '/tool/lib/data.txt', '/x', '/etc/x', '/app/x', '/bin/x', '/run/x'])
      expect([at, await call('files', 'write', { path: at })]).toEqual([
        at,
        { error: expect.stringMatching(/^E(ROFS|ACCES)/) },
      ]);
    expect(await call('files', 'write', { path: '/tmp/x' })).toEqual({ ok: true });
  });

  test('sees nothing of the hub, the machine and other tools', async () => {
    await run('one');
    await run('two', [], { script_files: { 'main.mjs': source, 'secret.txt': 'of two' } });
    expect((await call('one', 'list', { path: '/tool' })).ok).toEqual(['main.mjs']);
    expect(await call('one', 'read', { path: '/tool/secret.txt' })).toEqual({ error: 'ENOENT' });
    const hubFiles = [app.dataDir, path.join(app.dataDir, 'hub-id'), '/var/run/docker.sock', '/dev/shm', '/root'];
    for (const at of hubFiles) expect(existsSync(at) || at.endsWith('.sock')).toBe(true);
    for (const at of hubFiles.filter((each) => each !== '/dev/shm'))
      expect([at, await call('one', 'list', { path: at })]).toEqual([
        at,
        { error: expect.stringMatching(/^E(NOENT|ACCES)/) },
      ]);
    expect((await call('one', 'list', { path: '/dev/shm' })).ok).toEqual([]);
    const { ok: env } = await call('one', 'env');
    expect(Object.keys(env).toSorted()).toEqual(['HOME', 'HOSTNAME', 'PATH']);
    const processes = (await call('one', 'list', { path: '/proc' })).ok.filter((name: string) => /^\d+$/.test(name));
    expect(processes.length).toBeLessThan(5);
    expect(await call('one', 'kill', { pid: process.pid })).toEqual({ error: 'ESRCH' });
  });

  test('is nobody, without rights', async () => {
    await run('rights');
    const { ok } = await call('rights', 'who');
    expect(ok.uid).toBe(65_534);
    expect(ok.status).toMatch(/^CapEff:\s0+$/m);
    expect(ok.status).toMatch(/^CapBnd:\s0+$/m);
    expect(ok.status).toMatch(/^NoNewPrivs:\s1$/m);
    const [container] = await containers();
    const { HostConfig } = (await made.engine.containers.inspect(container?.id ?? '')) as Json;
    expect(HostConfig).toMatchObject({
      Memory: 256 * 2 ** 20,
      PidsLimit: 64,
      NanoCpus: 1e9,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: expect.arrayContaining(['no-new-privileges']),
      Privileged: false,
    });
    for (const bind of HostConfig.Binds ?? []) expect(bind).toMatch(/:ro$/);
    for (const mount of HostConfig.Mounts ?? []) expect(mount.Type === 'tmpfs' || mount.ReadOnly).toBe(true);
  });

  test('reaches no network, no database and no engine', async () => {
    await run('network');
    expect((await call('network', 'interfaces')).ok).toEqual(['lo']);
    const port = Number(new URL(app.url).port);
    expect(await call('network', 'connect', { host: '127.0.0.1', port })).toEqual({ error: 'ECONNREFUSED' });
    expect(await call('network', 'connect', { host: '1.1.1.1', port: 443 })).toEqual({ error: 'ENETUNREACH' });
    expect(await call('network', 'fetch', { url: 'http://example.com/' })).toEqual({ error: expect.any(String) });
    for (const socket of ['/var/run/docker.sock', '/run/docker.sock', '/var/run/postgresql/.s.PGSQL.5432'])
      expect([socket, await call('network', 'connect', { path: socket })]).toEqual([socket, { error: 'ENOENT' }]);
  });

  test('reaches, where a host was granted, the way to it alone', async () => {
    await run('granted', ['api.example.com']);
    const { ok: env } = await call('granted', 'env');
    expect(Object.keys(env)).toContain('HTTPS_PROXY');
    const port = Number(new URL(app.url).port);
    expect(await call('granted', 'connect', { host: '127.0.0.1', port })).toEqual({ error: 'ECONNREFUSED' });
    expect(await call('granted', 'connect', { host: '1.1.1.1', port: 443 })).not.toHaveProperty('ok');
  });

  test('is ended where it eats memory, and starts again with the next call', async () => {
    await run('hungry');
    const { body } = await app.json('/mcp/test-tool', {
      body: { server_name: 'hungry', tool_name: 'eat', params: {} },
    });
    expect(body.status).toBe('error');
    expect(body.error).toMatch(/memory/i);
    await expect.poll(async () => (await server('hungry')).status.phase, { timeout: 120_000 }).toBe('running');
    expect(await call('hungry', 'echo', { a: 1 })).toEqual({ a: 1 });
  });

  test('starts no more processes than its container may have, whatever ends first', async () => {
    await run('many');
    const { body } = await app.json('/mcp/test-tool', { body: { server_name: 'many', tool_name: 'fork', params: {} } });
    if (body.status === 'success') expect(JSON.parse(body.result).count).toBeLessThan(64);
    else expect(body.error).toMatch(/memory|ended/i);
    expect((await app.json('/health')).status).toBe(200);
  });

  test('does not keep a call for longer than its server may', async () => {
    await run('slow');
    await app
      .client()
      .servers.update.mutate({ id: 'slow', patch: { limits: { callTimeoutMs: 1_000, maxCallMs: 1_000 } } });
    await expect.poll(async () => (await server('slow')).status.phase, { timeout: 60_000 }).toBe('running');
    const { body } = await app.json('/mcp/test-tool', { body: { server_name: 'slow', tool_name: 'hang', params: {} } });
    expect(body).toMatchObject({ status: 'error' });
  });

  test('tells why it cannot run', async () => {
    await register('stub', { script_files: { 'main.py': 'def main():...' } });
    await enable('stub');
    await expect.poll(async () => (await server('stub')).status.phase, { timeout: 60_000 }).toBe('error');
    expect((await server('stub')).status.error).toMatch(/python3, which is not installed/);
  });
});

test('a hub without an engine runs nothing, and says so', { timeout: 120_000 }, async () => {
  app = await createTestApp({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
  try {
    await register('weather');
    await enable('weather');
    await expect.poll(async () => (await server('weather')).status.phase, { timeout: 60_000 }).toBe('error');
    expect((await server('weather')).status).toMatchObject({
      pid: null,
      error: expect.stringMatching(/^The tool is written, and cannot run here: /),
    });
  } finally {
    await app.stop();
  }
});
