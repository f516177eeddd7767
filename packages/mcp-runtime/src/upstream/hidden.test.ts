import { expect, test } from 'vitest';
import { say } from '../reasons.ts';
import { RpcError } from '../rpc.ts';
import { createTestRuntime, http, selectionOf, specOf, type Script } from '../testing.ts';
import type { InProcessCall, Launch } from '../types.ts';
import { hidden } from './hidden.ts';
import { LinkError } from './link.ts';

const secret = 'Bearer of-this-server-alone';
const launch = { ...http(), headers: { Authorization: secret } } as Launch;
const spec = specOf('s', { launch });
function quoted(): never {
  throw new RpcError(-32000, `You sent ${secret}`, { sent: secret });
}

function callOf(): InProcessCall {
  return {
    credential: { key: 'me', person: 'me' },
    selection: selectionOf('s', ['s']),
    method: 'tools/call',
    params: { name: 'echo', arguments: {} },
    via: 'rest',
    clientName: 'test',
    signal: AbortSignal.timeout(15_000),
  };
}

test.each<[string, Script]>([
  ['answers the handshake', { on: { initialize: quoted, 'server/discover': quoted } }],
  [
    'refuses the connection',
    {
      open() {
        throw new LinkError('http', `HTTP 400: You sent ${secret}`, { status: 400 });
      },
    },
  ],
  [
    'refuses a message',
    {
      receive() {
        throw new LinkError('http', `HTTP 400: You sent ${secret}`, { status: 400 });
      },
    },
  ],
])('a server that %s with its headers shows them in no status, probe or error', async (_how, script) => {
  await using it = createTestRuntime(script);
  const probed = await it.runtime.probe(spec, { adopt: false, signal: AbortSignal.timeout(15_000) });
  expect(probed).toMatchObject({ ok: false, error: expect.stringContaining('You sent ***') as string });
  it.apply(spec);
  const status = await it.until('s', ({ phase }) => phase === 'error');
  expect(status.error).toContain('You sent ***');
  const failure: unknown = await it.runtime.call(callOf()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringContaining('You sent ***') as string });
  expect(JSON.stringify([probed, status, (failure as RpcError).data, it.runtime.logs('s')])).not.toContain(secret);
});

test('a list, a call and an end that repeat the headers show none of them', async () => {
  await using it = createTestRuntime({ on: { 'tools/list': quoted, 'tools/call': quoted } });
  it.apply(spec);
  const running = await it.until('s', ({ phase }) => phase === 'running');
  expect(running).toMatchObject({ error: 'tools/list failed: You sent ***' });
  expect(running.message).not.toContain(secret);
  it.servers.last().end(new LinkError('closed', `The stream of ${secret} broke off`));
  expect(await it.until('s', ({ phase }) => phase === 'error')).toMatchObject({ error: 'The stream of *** broke off' });
});

test('the error of a call keeps its code and data, and its text without the headers', async () => {
  await using it = createTestRuntime({ on: { 'tools/call': quoted } });
  it.apply(spec);
  await it.until('s', ({ phase }) => phase === 'running');
  await expect(it.runtime.call(callOf())).rejects.toMatchObject({ code: -32000, message: 'You sent ***' });
});

test('a reason of any length is cut, with no part of a secret where it is', () => {
  for (const before of [990, 4090, 70_000]) {
    const said = `${'x'.repeat(before)}${secret}${'y'.repeat(200_000)}`;
    const inner = say('exitedSaying', { code: 1, reason: said });
    const error = hidden(launch, new LinkError('closed', say('notAvailable', { id: 's', reason: inner })));
    expect(JSON.stringify([error.message, error.reason])).not.toContain(secret.slice(0, 8));
    expect(error.message.length).toBeLessThan(5000);
    expect(JSON.stringify(error.reason).length).toBeLessThan(20_000);
  }
});
