import { setTimeout as sleep } from 'node:timers/promises';
import { expect, describe, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted } from '../support/upstream/hosted.ts';
import {
  beginSignIn,
  patience,
  registerHosted,
  signedIn,
  signIn,
  signInState,
  stateOf,
  whoami,
} from '../support/upstream/signed-in.ts';

const env = { ALLOW_PRIVATE_URLS: 'true', LOG_LEVEL: 'debug' };

/** What servers answer that have no metadata, and none of the ways to say so. */
const odd: [string, () => Response][] = [
  ['a page', () => new Response('<html>The app</html>', { headers: { 'content-type': 'text/html' } })],
  ['an error', () => new Response('<h1>Broken</h1>', { status: 500 })],
  ['a way to another place', () => Response.redirect('http://localhost:1/login', 302)],
  ['what is no metadata', () => Response.json({ hello: 'world' })],
];

async function worksAfter(app: TestApp): Promise<void> {
  await signIn(app);
  await expect.poll(() => stateOf(app), patience).toBe('running');
}

describe('a server that answers for its metadata', () => {
  it.each(odd)('%s is asked at its root, and the failed step is told', async (_what, answer) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({
      at: () => at,
      challenge: () => 'Bearer',
      metadata: (all, path) => (path.endsWith('/mcp') ? answer() : all),
    });
    await registerHosted(app, hosted.url);
    await worksAfter(app);
    const { attempt } = await signInState(app);
    expect(attempt?.steps.filter(({ what }) => what === 'resource').map(({ ok }) => ok)).toEqual([false, true]);
  });

  it.each([
    ...odd,
    ['metadata of another server', () => Response.json({ resource: 'https://other.example/mcp' })] as const,
    ['far too much', () => new Response(`{"a":"${'x'.repeat(400_000)}"}`)] as const,
  ])('%s is signed in to where its owner names the authorization server', async (_what, answer) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at, metadata: () => answer() });
    await registerHosted(app, hosted.url, { signIn: { issuer: at.issuer } });
    expect(new URL(await beginSignIn(app)).origin).toBe(at.issuer);
  });
});

it('the second of several authorization servers is asked where the first is away', async () => {
  await using app = await createTestApp(env);
  await using at = await startAuthorization();
  await using hosted = await startHosted({
    at: () => at,
    metadata: (all) => ({ ...all, authorization_servers: ['http://127.0.0.1:9/', at.issuer] }),
  });
  await registerHosted(app, hosted.url);
  await worksAfter(app);
  expect(await whoami(app)).toBe('ada read');
});

it('a sign-in stays while the server cannot say who signs people in', async () => {
  await using app = await createTestApp(env);
  let isBroken = false;
  await using at = await startAuthorization({ tokenSeconds: 600 });
  let refuses = false;
  await using hosted = await startHosted({
    at: () => (refuses ? other : at),
    metadata: (all) => (isBroken ? new Response('Broken', { status: 502 }) : all),
  });
  await using other = await startAuthorization();
  await signedIn(app, hosted.url);
  [isBroken, refuses] = [true, true];
  await whoami(app);
  expect((await signInState(app)).held).not.toBe(false);
});

it('what a token endpoint repeats of a request is told to nobody', async () => {
  await using app = await createTestApp(env);
  let isOver = false;
  const seen: string[] = [];
  let form = new URLSearchParams();
  await using at = await startAuthorization({
    tokenSeconds: 2,
    form: (given) => (form = given),
    says(path) {
      const token = form.get('refresh_token');
      if (path !== '/token' || !isOver || token === null) return null;
      seen.push(token);
      const text = `Token ${token} (${'x'.repeat(460)}) ${token} \ud800`;
      return {
        status: 400,
        type: 'application/json',
        text: JSON.stringify({ error: 'invalid_grant', error_description: text }),
      };
    },
  });
  await using hosted = await startHosted({ at: () => at });
  await registerHosted(app, hosted.url, { signIn: { who: 'shared' } });
  await worksAfter(app);
  isOver = true;
  await sleep(2_100);
  const answer = await whoami(app);
  const state = await signInState(app);
  expect(state.attempt).toMatchObject({ state: 'failed', failure: { text: expect.stringContaining('Token ***') } });
  await app.core.deps.hub.flushCalls();
  const told = [
    answer,
    state,
    await app.client().servers.logs.query({ id: 'hosted' }),
    await app.client().calls.list.query({}),
    (await app.json('/api/monitoring/logs?limit=500')).body,
  ].map((each) => JSON.stringify(each));
  expect(seen.length).toBeGreaterThan(0);
  for (const token of seen) {
    expect(told.filter((text) => text.includes(token))).toEqual([]);
    // Nor a part of it, where a text is cut.
    expect(told.filter((text) => text.includes(token.slice(0, 12)))).toEqual([]);
  }
});

it('scopes that are none are not kept', async () => {
  await using app = await createTestApp(env);
  await using at = await startAuthorization({
    says: (path) =>
      path !== '/token'
        ? null
        : {
            status: 200,
            type: 'application/json',
            text: JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', scope: 'read\u0000 \ud800 write' }),
          },
  });
  await using hosted = await startHosted({ at: () => at });
  await registerHosted(app, hosted.url);
  const { url } = await signIn(app);
  expect(url).toBe(`${app.url}/ui/servers/hosted`);
  expect(await signInState(app)).toMatchObject({ held: { scope: 'write' }, attempt: { state: 'done' } });
});
