import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, programPath, startHub } from '../support/hub-process.ts';
import { connectStdio } from '../support/mcp/clients.ts';
import type { Json } from '../support/mcp/script-types.ts';
import { type Upstream, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { behaviours, textOf } from './behaviours.ts';

/** Programs at the other end: the bridge for clients that only speak stdio, and the Inspector's command line. */

const bridgeProgram = programPath('bridge');
const inspector = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json')),
  'clients/launcher/build/index.js',
);

let hub: HubProcess;
let home: string;
const upstreams: Upstream[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'home-'));
  await chmod(home, 0o700);
  hub = await startHub();
  for (const [name, kind] of [
    ['alpha', 'v1-http'],
    ['beta', 'v2-modern-http'],
  ] as const) {
    const upstream = await upstreamPrograms[kind](name);
    upstreams.push(upstream);
    await hub.add(name, upstream);
  }
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const upstream of upstreams) await upstream[Symbol.asyncDispose]();
  if (home) await rm(home, { recursive: true, force: true });
});

describe.each(['alpha', 'beta'])('the stdio bridge to %s', (server) => {
  function bridge() {
    return connectStdio(process.execPath, [bridgeProgram, '--url', hub.url(server)], {
      env: { SWITCHBOARD_KEY: hub.key },
    });
  }

  test.each(Object.entries(behaviours))('%s', async (_title, behaviour) => {
    await using client = await bridge();
    await behaviour({ client, server, exposed: (name) => name });
  });
});

describe('the stdio bridge', () => {
  test('speaks the 2026 revision as it comes', async () => {
    const child = spawn(process.execPath, [bridgeProgram, '--url', hub.url('beta'), '--key', hub.key], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const params = { name: 'echo', arguments: { text: 'through the bridge' }, _meta };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'one', method: 'tools/call', params })}\n`);
    const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))));
    child.stdin.end();
    const reply = JSON.parse(line) as { id: string; result: Json };
    expect(reply).toMatchObject({ id: 'one', result: { resultType: 'complete' } });
    expect(textOf(reply.result)).toBe('through the bridge');
    await new Promise((resolve) => child.once('exit', resolve));
  });

  test('says what is wrong where the key is', async () => {
    const wrong = connectStdio(process.execPath, [bridgeProgram, '--url', hub.url('alpha'), '--key', 'sbk_wrong']);
    await expect(wrong).rejects.toThrow(/sign in|key|401|credential/i);
  });
});

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The Inspector keeps a file in the home directory; it gets one of its own. */
function inspect(args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [inspector, '--cli', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('the Inspector’s command line', () => {
  function at(url: string): string[] {
    return [url, '--header', `Authorization: Bearer ${hub.key}`];
  }

  test.each([
    ['streamable HTTP', () => [...at(hub.url()), '--transport', 'http']],
    ['HTTP+SSE', () => [...at(hub.sseUrl()), '--transport', 'sse']],
  ])('lists and calls over %s', async (_title, target) => {
    const listed = await inspect([...target(), '--method', 'tools/list']);
    expect(listed, listed.stderr).toMatchObject({ code: 0 });
    expect(listed.stdout).toContain('"alpha__echo"');
    const call = ['--method', 'tools/call', '--tool-name', 'beta__echo', '--tool-arg', 'text=inspected'];
    const called = await inspect([...target(), ...call]);
    expect(called, called.stderr).toMatchObject({ code: 0 });
    expect(called.stdout).toContain('inspected');
  });
});
