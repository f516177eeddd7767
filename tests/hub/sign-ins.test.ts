import { describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted } from '../support/upstream/hosted.ts';
import { browserOf } from '../support/upstream/person.ts';

const wait = { timeout: 60_000, interval: 50 };

async function register(app: TestApp, url: string, id = 'hosted'): Promise<void> {
  await app.client().servers.create.mutate({ id, kind: 'streamable-http', url });
}

async function stateOf(app: TestApp, id = 'hosted') {
  const { status } = await app.client().servers.get.query({ id });
  return status.needsSignIn ? 'needs-sign-in' : status.phase;
}

async function signIn(app: TestApp, id = 'hosted') {
  const { url } = await app.client().signIns.begin.mutate({ id, shared: true });
  if (url === null) throw new Error('Nobody is needed.');
  return browserOf(app.url, { authorization: `Bearer ${app.token}` }).go(url);
}

async function whoami(app: TestApp, id = 'hosted'): Promise<string> {
  const { reply } = await modernExchange(
    `${app.url}/mcp`,
    'tools/call',
    { name: `${id}__whoami`, arguments: {} },
    { headers: { authorization: `Bearer ${app.token}` } },
  );
  const result = reply['result'] as { content?: { text?: string }[] } | undefined;
  return result?.content?.[0]?.text ?? JSON.stringify(reply);
}

describe('signing in to a hosted server', () => {
  it('finds the authorization server, registers, and starts the server for the person who comes back', async () => {
    await using app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await register(app, hosted.url);
    await expect.poll(() => stateOf(app), wait).toBe('needs-sign-in');
    const back = await signIn(app);
    expect(back.url).toBe(`${app.url}/ui/servers/hosted`);
    await expect.poll(() => stateOf(app), wait).toBe('running');
    expect(await whoami(app)).toBe('ada read');
    const state = await app.client().signIns.get.query({ id: 'hosted' });
    expect(state).toMatchObject({ shared: { issuer: at.issuer, scope: 'read' }, attempt: { state: 'done' } });
    expect(at.forms[0]?.get('resource')).toBe(hosted.url);
    expect(at.forms[0]?.get('code_verifier')).toMatch(/^[\w~.-]{43,}$/);
  });
});
