import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { badAsides, badReplies, startMalformedHttp } from '../support/mcp/malformed.ts';
import { type Upstream, type UpstreamConfig, upstreamPrograms } from '../support/mcp/upstreams.ts';
import { until } from '../support/until.ts';

/** A server that writes a malformed message gets an error of its own; the hub stays up and goes on serving. */

const program = path.join(import.meta.dirname, '../support/mcp/malformed-stdio.ts');

let hub: HubProcess;
let healthy: Upstream;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  hub = await startHub();
  healthy = await upstreamPrograms['v1-http']('healthy');
  await hub.add('healthy', healthy);
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await healthy?.[Symbol.asyncDispose]();
  for (const close of closers) await close();
});

const ways: Readonly<Record<string, (fault: string) => Promise<UpstreamConfig>>> = {
  stdio: async (fault) => ({ kind: 'stdio', command: process.execPath, args: [program, fault] }),
  json: (fault) => overHttp(fault, 'json'),
  events: (fault) => overHttp(fault, 'events'),
};

async function overHttp(fault: string, as: 'json' | 'events'): Promise<UpstreamConfig> {
  const server = await startMalformedHttp(fault, as);
  closers.push(server.close);
  return { kind: 'streamable-http', url: server.url };
}

async function expectHubServes(pid: number): Promise<void> {
  expect(hub.pid).toBe(pid);
  const client = await connect('v1-streamable', hub.url('healthy'), { headers: hub.headers, capabilities: {} });
  expect(JSON.stringify(await client.call('echo', { text: 'still here' }))).toContain('still here');
  await client.close();
}

async function logOf(id: string): Promise<string> {
  const { lines } = await hub.api.servers.logs.query({ id });
  return lines.map(({ message }) => message).join('\n');
}

describe.each(Object.keys(ways))('over %s', (way) => {
  test.each(Object.keys(badReplies))('the malformed reply %s fails its request', async (fault) => {
    const { pid } = hub;
    const id = `${way}-${fault}`;
    await hub.add(id, (await ways[way]?.(fault)) as UpstreamConfig, { wait: false });
    async function status() {
      return (await hub.api.servers.get.query({ id })).status;
    }
    await until(async () => /malformed/.test((await status()).error ?? ''), `the fault of ${id}`, 90_000);
    await expect.poll(() => logOf(id)).toContain('A malformed message was dropped.');
    await expectHubServes(pid);
    await hub.api.servers.remove.mutate({ id });
  });

  test.each(Object.keys(badAsides))('the malformed message %s is dropped and told', async (fault) => {
    const { pid } = hub;
    const id = `${way}-${fault}`;
    await hub.add(id, (await ways[way]?.(fault)) as UpstreamConfig);
    // A JSON answer is one text: what is nested too deep in it takes the good reply with it.
    const toolCount = way === 'json' && fault.startsWith('deep') ? 0 : 1;
    expect((await hub.api.servers.get.query({ id })).status).toMatchObject({ phase: 'running', toolCount });
    await expect.poll(() => logOf(id)).toContain('A malformed message was dropped.');
    await expectHubServes(pid);
    await hub.api.servers.remove.mutate({ id });
  });
});
