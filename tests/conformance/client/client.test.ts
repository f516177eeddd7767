import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createTestApp } from '../../support/app.ts';

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
);
const driver = path.join(import.meta.dirname, 'driver.ts');
const expected = path.join(import.meta.dirname, 'expected-failures.yaml');

interface Ran {
  code: number | null;
  output: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
  const child = spawn(process.execPath, [cli, 'client', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Known failures are in the file with their reasons; one that passes has to leave it, or the suite fails. */
test('the official suite finds the hub a client that keeps to the specifications', async () => {
  await using app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true', PUBLIC_URL: 'https://conformance-test.local' });
  const scenario = process.env['SCENARIO'];
  const which =
    scenario === undefined
      ? ['--suite', 'all', '--expected-failures', expected]
      : ['--scenario', scenario, '--verbose'];
  const command = `${process.execPath} ${driver}`;
  const { code, output } = await run(['--command', command, ...which, '--timeout', '240000'], {
    HUB_URL: app.url,
    HUB_TOKEN: app.token,
  });
  if (code !== 0 || scenario !== undefined) process.stderr.write(output);
  expect(code).toBe(0);
}, 600_000);
