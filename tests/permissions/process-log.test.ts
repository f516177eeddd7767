import { expect, test } from 'vitest';
import { createClient } from '@switchboard/api/client';
import type { Json } from '../support/app.ts';
import { startHub } from '../support/hub-process.ts';

/** Whatever people and programs do wrong, what the process prints at its most talkative holds no secret. */

const secrets = {
  password: 'planted-password-1',
  wrongPassword: 'planted-guess-2',
  env: 'planted-env-3',
  header: 'planted-header-4',
  argument: 'planted-argument-5',
  bearer: 'planted-bearer-6',
  apiKey: 'sbk_plantedkey7plantedkey7plantedkey7',
  inUrl: 'planted-in-url-8',
  complaint: 'planted-complaint-9',
};

const program = `console.error('no access with ' + process.env.TOKEN + ' ${secrets.complaint}'); process.exit(3)`;

test('the log of the process holds nothing secret', async () => {
  await using hub = await startHub({ env: { LOG_LEVEL: 'debug' } });
  function post(pathname: string, body: unknown, headers: Record<string, string> = {}) {
    return fetch(hub.origin + pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }
  const { password, wrongPassword } = secrets;
  await hub.api.users.create.mutate({ username: 'victim', password });
  expect((await post('/api/auth/login', { username: 'victim', password: wrongPassword })).status).toBe(401);
  const signedIn = await post('/api/auth/login', { username: 'victim', password });
  const { token, refreshToken } = ((await signedIn.json()) as Json).data as { token: string; refreshToken: string };
  const { key } = await createClient(hub.origin, { token }).keys.create.mutate({ name: 'fresh' });
  // Bodies that break off, ways in that fail, programs that complain.
  await post('/api/auth/login', `{"username":"victim","password":"${password}`);
  await post('/api/servers', { name: 7, env: { TOKEN: secrets.env } }, { authorization: `Bearer ${token}` });
  await post('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }, { authorization: `Bearer ${secrets.bearer}` });
  await post('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' }, { 'x-api-key': secrets.apiKey });
  await fetch(`${hub.origin}/api/nothing?token=${secrets.inUrl}`);
  const env = { TOKEN: secrets.env };
  await hub.api.servers.create.mutate({
    id: 'breaks',
    kind: 'stdio',
    command: process.execPath,
    args: ['-e', program],
    env,
  });
  const headers = { authorization: `Bearer ${secrets.header}` };
  await hub.api.servers.create.mutate({ id: 'away', kind: 'streamable-http', url: 'http://127.0.0.1:9/mcp', headers });
  await expect.poll(async () => (await hub.api.servers.get.query({ id: 'breaks' })).status.phase).toBe('error');
  const called = createClient(hub.origin, { apiKey: key }).playground;
  await new Promise<void>((resolve) => {
    called.run.subscribe(
      { serverId: 'away', method: 'tools/call', name: 'x', arguments: { note: secrets.argument } },
      { onComplete: resolve, onError: () => resolve() },
    );
  });
  await hub.end('SIGTERM');

  const output = hub.output();
  expect(output).not.toBe('');
  const planted = Object.entries({ ...secrets, token, refreshToken, key, adminKey: hub.key });
  for (const [what, secret] of planted) expect(output.includes(secret), what).toBe(false);
});
