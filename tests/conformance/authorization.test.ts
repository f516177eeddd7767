import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { createPerson, letIn, register } from '../support/oauth.ts';

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Check {
  id: string;
  status: string;
  errorMessage?: string;
}

/** Runs the suite against the hub as authorization server; whenever it prints a URL, a person lets it in. */
async function run(args: string[]): Promise<{ checks: Check[]; output: string }> {
  const person = await createPerson(app.url);
  const directory = await mkdtemp(path.join(tmpdir(), 'conformance-'));
  try {
    const child = spawn(process.execPath, [cli, 'authorization', '--url', app.url, ...args, '-o', directory], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const visited = new Set<string>();
    async function read(chunk: string) {
      output += chunk;
      for (const [url] of output.matchAll(/^http\S+\/oauth\/authorize\?\S+(?=\n)/gm)) {
        if (visited.has(url)) continue;
        visited.add(url);
        const back = await letIn(person, url);
        await fetch(back);
      }
    }
    child.stdout
      .setEncoding('utf8')
      .on('data', (chunk: string) => void read(chunk).catch((error) => (output += error)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await new Promise((resolve) => child.once('close', resolve));
    const checks: Check[] = [];
    for (const name of await readdir(directory, { recursive: true })) {
      if (!name.endsWith('checks.json')) continue;
      checks.push(...(JSON.parse(await readFile(path.join(directory, name), 'utf8')) as Check[]));
    }
    return { checks, output };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// With a secret the suite calls as if it had none wherever the server takes clients without one.
test('the official suite finds nothing wrong with the authorization server', async () => {
  const port = await freePort();
  const { body } = await register(app.url, {
    client_name: 'conformance',
    redirect_uris: [`http://127.0.0.1:${port}/callback`],
    token_endpoint_auth_method: 'none',
  });
  const { checks, output } = await run([
    '--client-id',
    body.client_id,
    '--resource',
    `${app.url}/mcp`,
    '--port',
    String(port),
  ]);
  const wrong = checks.filter(({ status }) => status !== 'SUCCESS');
  expect(wrong, output).toEqual([]);
  expect(checks.map(({ id }) => id).toSorted()).toEqual([
    'authorization-code-grant',
    'authorization-server-metadata',
    'authorization-server-metadata-cimd',
  ]);
});
