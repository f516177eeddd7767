import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../../packages/mcp-runtime/src/upstream/fixtures/certificate.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { createRegistry } from '../support/registry.ts';
import { until } from '../support/until.ts';

/** Programs that npx fetches: why they do not start, and that a download is not taken for a start that hangs. */

const program = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const serverInfo = { name: 'fetched', version: '1' };
    const result = method === 'initialize' ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo } : { tools: [] };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });`;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.stop());

function servers() {
  return app.client().servers;
}

async function add(
  id: string,
  registry: string,
  more: { args?: string[]; env?: Record<string, string>; startMs?: number } = {},
) {
  await servers().create.mutate({
    id,
    kind: 'stdio',
    command: 'npx',
    args: more.args ?? ['-y', '@acme/x'],
    env: { npm_config_registry: registry, npm_config_update_notifier: 'false', ...more.env },
    limits: { startTimeoutMs: more.startMs ?? 60_000 },
  });
}

async function failureOf(id: string): Promise<string> {
  let error: string | null = null;
  await until(
    async () => {
      ({ error } = (await servers().get.query({ id })).status);
      return error !== null;
    },
    `${id} fails`,
    90_000,
  );
  return error ?? '';
}

test('a package that npm does not know is named', async () => {
  await using registry = await createRegistry();
  await add('absent', registry.url);
  const host = new URL(registry.url).host;
  expect(await failureOf('absent')).toBe(
    `The program ended with exit code 1: npm knows no package @acme/x: ${host} does not have it, or does not show it here.`,
  );
});

test('a registry that cannot be reached is named', async () => {
  await add('offline', 'http://registry.invalid/', { env: { npm_config_fetch_retries: '0' } });
  expect(await failureOf('offline')).toContain('registry.invalid cannot be re');
});

test('a certificate is named while npm still tries, and with its authority the package is found', async () => {
  const tls = selfSigned();
  await using registry = await createRegistry({ tls, packages: { fetched: { program } } });
  const host = new URL(registry.url).host;
  await add('distrusted', registry.url, { args: ['-y', 'fetched'], startMs: 15_000 });
  expect(await failureOf('distrusted')).toBe(
    `The server did not finish its start in 15 s: A certificate between here and ${host} is not trusted: set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority.`,
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'switchboard-authority-'));
  try {
    const file = path.join(folder, 'authority.pem');
    writeFileSync(file, tls.cert);
    chmodSync(folder, 0o755);
    await add('trusted', registry.url, { args: ['-y', 'fetched'], env: { NODE_EXTRA_CA_CERTS: file } });
    await until(
      async () => (await servers().get.query({ id: 'trusted' })).status.phase === 'running',
      'it runs',
      90_000,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a start that downloads for longer than a start may last goes on, and says so', async () => {
  const chain = ['fetched', 'one', 'two', 'three', 'four', 'five', 'six'];
  const packages = Object.fromEntries(
    chain.map((name, at) => [name, { dependencies: chain.slice(at + 1, at + 2), ...(at === 0 && { program }) }]),
  );
  await using registry = await createRegistry({ packages, delayMs: 3_000 });
  const startMs = 12_000;
  const begun = performance.now();
  await add('slow', registry.url, { args: ['-y', 'fetched'], startMs });
  const seen = new Set<string>();
  await until(
    async () => {
      const { status } = await servers().get.query({ id: 'slow' });
      seen.add(status.message);
      return status.phase === 'running' || status.phase === 'error';
    },
    'it runs',
    120_000,
  );
  expect([...seen]).toEqual(expect.arrayContaining(['Downloading the package', 'Server is running']));
  expect(performance.now() - begun).toBeGreaterThan(startMs);
  const { lines } = await servers().logs.query({ id: 'slow', limit: 1_000 });
  const hub = lines.filter(({ source }) => source === 'hub').map(({ message }) => message);
  expect(hub).toContain('Downloading the package');
  expect(hub.join('\n')).not.toContain('Start failed');
});

test('a file that takes longer than a start may last is waited for while it arrives', async () => {
  const packages = { fetched: { program, bytes: 2_400_000 } };
  await using registry = await createRegistry({ packages, bytesPerSecond: 120_000 });
  const startMs = 9_000;
  const begun = performance.now();
  await add('large', registry.url, { args: ['-y', 'fetched'], startMs });
  async function phase() {
    return (await servers().get.query({ id: 'large' })).status;
  }
  await until(async () => ['running', 'error'].includes((await phase()).phase), 'it runs', 120_000);
  expect(await phase()).toMatchObject({ phase: 'running', error: null, failures: 0 });
  expect(performance.now() - begun).toBeGreaterThan(startMs);
});

test('a program that is not here is told by what it comes with', async () => {
  await servers().create.mutate({
    id: 'missing',
    kind: 'stdio',
    command: 'uvx',
    args: ['x'],
    env: { PATH: '/nowhere' },
  });
  expect(await failureOf('missing')).toBe(
    'uvx is not installed here: it comes with uv. Install that where the hub runs, or give its full path.',
  );
});

/** A program of one line of JavaScript. */
function script(text: string) {
  return { command: process.execPath, args: ['-e', text] };
}

test.each([
  [
    'a program that talks to people, and never answers',
    "console.log('Server listening on port 3000'); setInterval(() => {}, 1000)",
    'The server did not finish its start in 2 s: It wrote "Server listening on port 3000" where only messages of MCP may stand: is it a server for stdio?',
  ],
  [
    'a program that prints its usage and ends',
    "console.log('usage: tool [options]')",
    'The program ended with exit code 0: It wrote "usage: tool [options]" where only messages of MCP may stand: is it a server for stdio?',
  ],
  [
    'a program that ends without a word',
    '',
    'The program ended with exit code 0: It ended by itself before it spoke MCP: look at its arguments, and whether it is a server for stdio.',
  ],
  [
    'a program that ends with a hint behind its reason',
    `console.error("docker: permission denied at /var/run/docker.sock\\nRun 'docker run --help' for more information"); process.exit(126)`,
    'The program ended with exit code 126: docker: permission denied at /var/run/docker.sock',
  ],
])(
  '%s is told as what it is',
  async (what, text, told) => {
    const id = what.replace(/\W+/g, '-').slice(-32).replace(/^-/, '');
    await servers().create.mutate({ id, kind: 'stdio', ...script(text), limits: { startTimeoutMs: 2_000 } });
    expect(await failureOf(id)).toBe(told);
  },
  300_000,
);
