import { expect, test } from 'vitest';
import { startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { upstreamPrograms } from '../support/mcp/upstreams.ts';
import { until } from '../support/until.ts';

/** A program that runs and never answers: the hub is starting it for as long as it may take. */
const silent = { kind: 'stdio' as const, command: process.execPath, args: ['-e', 'setInterval(() => {}, 60000)'] };

test('a hub that dies three times while it starts a server holds it back until somebody starts it', async () => {
  await using hub = await startHub();
  await using healthy = await upstreamPrograms['v1-http']('healthy');
  async function statusOf(id: string) {
    return (await hub.api.servers.get.query({ id })).status;
  }
  await hub.add('healthy', healthy);
  await hub.add('silent', silent, { wait: false, limits: { startTimeoutMs: 120_000 } });
  for (let death = 0; death < 3; death += 1) {
    await until(async () => (await statusOf('silent')).phase === 'starting', 'the start of silent', 90_000);
    await until(async () => (await statusOf('healthy')).phase === 'running', 'the start of healthy', 90_000);
    await hub.end('SIGKILL');
    await hub.restart();
  }

  const reason =
    'The hub ended again and again while it started this server. It is held back until somebody starts it.';
  expect(await statusOf('silent')).toMatchObject({ phase: 'error', error: reason, failures: 3, nextRetryAt: null });
  expect(hub.output()).toContain('they are held back until somebody starts them');
  const { lines } = await hub.api.servers.logs.query({ id: 'silent' });
  expect(lines.map(({ message }) => message)).toContain(reason);
  await until(async () => (await statusOf('healthy')).phase === 'running', 'the start of healthy', 90_000);

  // A call neither starts it nor waits for it.
  const asked = connect('v1-streamable', hub.url('silent'), { headers: hub.headers, capabilities: {} });
  await expect(asked).rejects.toThrow(reason);
  expect((await statusOf('silent')).phase).toBe('error');

  // It stays held back over a clean stop.
  expect(await hub.end('SIGTERM')).toBe(0);
  await hub.restart();
  expect(await statusOf('silent')).toMatchObject({ phase: 'error', error: reason });

  await hub.api.servers.start.mutate({ id: 'silent', wait: false });
  await until(async () => (await statusOf('silent')).phase === 'starting', 'the start of silent', 90_000);
  await hub.end('SIGKILL');
  await hub.restart();
  await until(async () => (await statusOf('silent')).phase === 'starting', 'the start of silent', 90_000);
});
