import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { createTestApp } from '../support/app.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted } from '../support/upstream/hosted.ts';
import {
  patience,
  registerHosted,
  signedIn,
  signIn,
  signInState,
  stateOf,
  whoami,
} from '../support/upstream/signed-in.ts';

const env = { ALLOW_PRIVATE_URLS: 'true' };

function none(): Response {
  return new Response('Not found', { status: 404 });
}

describe('a server that refuses a call', () => {
  it.each([
    [
      'with credentials of its owner',
      { headers: { 'X-Api-Key': 'first' } },
      (challenge: string) => challenge,
      undefined,
    ],
    ['without a challenge, and without metadata', {}, () => '', none],
  ] as const)('%s stays everybody’s', async (_what, given, challenge, metadata) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    let isOpen = true;
    await using hosted = await startHosted({
      at: () => at,
      open: () => isOpen,
      challenge,
      ...(metadata && { metadata }),
    });
    await registerHosted(app, hosted.url, given);
    await expect.poll(() => stateOf(app), patience).toBe('running');
    isOpen = false;
    expect(await whoami(app)).not.toContain('/ui/servers');
    expect(await signInState(app)).toMatchObject({ wanted: false });
    isOpen = true;
    expect(await whoami(app)).toBe('nobody');
    const [row] = await app.connection.db.select().from(tables.servers);
    expect(row?.asksSignIn).toBeNull();
  });

  it('without a challenge, but with metadata, asks for a sign-in', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at, challenge: () => '' });
    await signedIn(app, hosted.url);
    expect(await whoami(app)).toBe('ada read');
  });

  it('once, before its owner gave a key, asks nobody any more', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    let isOpen = false;
    await using hosted = await startHosted({ at: () => at, open: () => isOpen });
    await registerHosted(app, hosted.url);
    await expect.poll(() => stateOf(app), patience).toBe('needs-sign-in');
    isOpen = true;
    await app.client().servers.update.mutate({ id: 'hosted', patch: { headers: { 'X-Api-Key': 'right' } } });
    await expect.poll(() => whoami(app), patience).toBe('nobody');
    expect(await signInState(app)).toMatchObject({ wanted: false });
  });
});

/** Writes for ever, as fast as it is read. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  function write(): void {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', write);
  write();
}

const endless: [string, (response: ServerResponse) => void][] = [
  ['goes on and on', flood],
  ['never ends', (response) => void response.write('No')],
];
it.each(endless)('a refusal that %s is heard all the same', async (_what, speak) => {
  await using app = await createTestApp(env);
  const server = createServer((_request, response: ServerResponse) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer' });
    speak(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  try {
    const url = `http://127.0.0.1:${port}/mcp`;
    await app.client().servers.create.mutate({ id: 'hosted', kind: 'streamable-http', url });
    await expect.poll(async () => (await signInState(app)).wanted, { timeout: 15_000 }).toBe(true);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('a sign-in whose end was not heard of is used no more once the database is read', async () => {
  await using app = await createTestApp(env);
  await using at = await startAuthorization();
  await using hosted = await startHosted({ at: () => at });
  await registerHosted(app, hosted.url, { signIn: { who: 'shared' } });
  await signIn(app);
  await expect.poll(() => stateOf(app), patience).toBe('running');
  expect(await whoami(app)).toBe('ada read');
  await app.connection.db.delete(tables.upstreamGrants);
  await app.core.deps.hub.reconcile();
  expect(await whoami(app)).not.toContain('ada');
});
