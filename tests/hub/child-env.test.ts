import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { until } from '../support/until.ts';

/** What programs of servers get of the hub's environment, and who sees it. */

/** A server that writes its proxies to its log and answers with its environment. */
const tellingServer = `
  console.error('proxies', process.env.HTTPS_PROXY, process.env.UV_INDEX_URL, decodeURIComponent('p%40ss-word-of-proxy'));
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    const say = (result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
    const serverInfo = { name: 'env', version: '1' };
    if (method === 'initialize') say({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
    else if (method === 'tools/list') say({ tools: [{ name: 'env', inputSchema: { type: 'object' } }] });
    else if (method === 'tools/call') say({ content: [{ type: 'text', text: JSON.stringify(process.env) }] });
  });`;

describe('programs of servers', () => {
  let app: TestApp;
  const folder = mkdtempSync(path.join(tmpdir(), 'switchboard-ca-'));
  const file = path.join(folder, 'ca.pem');
  const hubs = {
    NODE_EXTRA_CA_CERTS: file,
    HTTPS_PROXY: 'http://me:p%40ss-word-of-proxy@proxy.example:3128',
    UV_INDEX_URL: 'https://pypi.example/simple?token=of-the-index',
    npm_config_registry: 'https://npm.example/',
    UNRELATED: 'of the hub alone',
  };
  beforeAll(async () => {
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    app = await createTestApp(hubs);
  });
  afterAll(async () => {
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(id: string, env: Record<string, string> = {}) {
    const { servers } = app.client();
    await servers.create.mutate({ id, kind: 'stdio', command: 'node', args: ['-e', tellingServer], env });
    await until(async () => (await servers.get.query({ id })).status.phase === 'running', `${id} runs`, 90_000);
    const { body } = await app.json('/api/mcp/tools/call', { body: { toolName: `${id}/env`, arguments: {} } });
    return JSON.parse(body.data.content) as Record<string, string>;
  }
  async function logOf(id: string): Promise<string> {
    const page = await app.client().servers.logs.query({ id, limit: 100 });
    return page.lines.map(({ message }) => message).join('\n');
  }

  test('get certificates, proxies and registries of the hub, and nothing else', async () => {
    const { UNRELATED: unrelated, ...given } = hubs;
    const env = await start('plain');
    expect(env).toMatchObject({ ...given, https_proxy: hubs.HTTPS_PROXY });
    expect(Object.values(env)).not.toContain(unrelated);
  });

  test('keep what their server says itself', async () => {
    const env = await start('own', {
      https_proxy: 'http://other.example:1',
      NPM_CONFIG_REGISTRY: 'https://other.example/',
    });
    expect(env).toMatchObject({ https_proxy: 'http://other.example:1', NPM_CONFIG_REGISTRY: 'https://other.example/' });
    expect(env).not.toHaveProperty('HTTPS_PROXY');
    expect(env).not.toHaveProperty('npm_config_registry');
  });

  test('write none of the credentials into their log', async () => {
    await start('talking');
    await expect.poll(() => logOf('talking')).toContain('proxies *** *** ***');
    expect(await logOf('talking')).not.toMatch(/ss-word-of-proxy|of-the-index/);
  });

  test.runIf(process.getuid?.() === 0)('are told of certificates that their account may not read', async () => {
    await start('unreadable');
    await expect
      .poll(() => logOf('unreadable'))
      .toMatch(/NODE_EXTRA_CA_CERTS names \S+ca\.pem, which uid \d+, .* may not read/);
  });

  test('stand in the settings without credentials', async () => {
    const { childEnv } = await app.client().system.info.query();
    const values = Object.fromEntries(childEnv.map(({ name, value }) => [name, value]));
    expect(values).toEqual({
      NODE_EXTRA_CA_CERTS: file,
      HTTPS_PROXY: 'http://***@proxy.example:3128',
      https_proxy: 'http://***@proxy.example:3128',
      UV_INDEX_URL: 'https://pypi.example/simple?***',
      npm_config_registry: 'https://npm.example/',
    });
  });
});
