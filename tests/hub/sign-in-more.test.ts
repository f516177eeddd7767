import { describe, expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { startAuthorization } from '../support/upstream/authorization.ts';
import { startHosted } from '../support/upstream/hosted.ts';
import { patience, signedIn, signIn, signInState, whoami } from '../support/upstream/signed-in.ts';

/** Servers that refuse a call of somebody who has signed in. */

const env = { ALLOW_PRIVATE_URLS: 'true' };
const page = '/ui/servers/hosted';

describe('a call that needs more than was agreed to', () => {
  it('has the link in its answer, and sends a client to the page that can show one', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    let scope: string | null = null;
    await using hosted = await startHosted({ at: () => at, callScope: () => scope });
    await signedIn(app, hosted.url);
    scope = 'read write';
    const answer = await whoami(app);
    expect(answer).toContain(page);
    expect(answer).toContain('agree to more');
    expect(await signInState(app)).toMatchObject({ wanted: true, more: true });
    const headers = { authorization: `Bearer ${app.token}` };
    const capabilities = { elicitation: { form: {}, url: {} } };
    const params = { name: 'whoami', arguments: {} };
    const { reply } = await modernExchange(`${app.url}/mcp/hosted`, 'tools/call', params, { headers, capabilities });
    if (!reply['result']) throw new Error(JSON.stringify(reply));
    const result = reply['result'] as { inputRequests: Record<string, unknown>; requestState: string };
    const [[key, asked]] = Object.entries(result.inputRequests) as [[string, unknown]];
    expect(asked).toMatchObject({ params: { mode: 'url', url: expect.stringContaining(page) } });
    // What the person had before is not what was asked for: the answer waits for the new sign-in.
    const inputResponses = { [key]: { action: 'accept' } };
    const more = { ...params, requestState: result.requestState, inputResponses };
    const going = modernExchange(`${app.url}/mcp/hosted`, 'tools/call', more, { headers, capabilities });
    await signIn(app);
    expect(JSON.stringify((await going).reply)).toContain('ada read write');
  });

  it('is refused as it is where the owner says which scopes are asked for', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    let scope: string | null = null;
    await using hosted = await startHosted({ at: () => at, callScope: () => scope });
    await signedIn(app, hosted.url, { signIn: { scopes: ['read'] } });
    scope = 'read write';
    expect(await whoami(app)).not.toContain(page);
    expect(await signInState(app)).toMatchObject({ wanted: false, more: false });
    scope = 'read';
    expect(await whoami(app)).toBe('ada read');
  });
});

it('many calls that are refused at once look once at who signs people in', async () => {
  await using app = await createTestApp(env);
  await using at = await startAuthorization();
  let isRefused = false;
  await using hosted = await startHosted({
    at: () => at,
    instead: (method) => {
      const metadata = new URL('/.well-known/oauth-protected-resource/mcp', hosted.url).href;
      const challenge = `Bearer error="invalid_token", resource_metadata="${metadata}"`;
      const headers = { 'www-authenticate': challenge };
      return isRefused && method === 'tools/call' ? new Response(null, { status: 401, headers }) : null;
    },
    metadata: (all) => {
      looks += 1;
      return all;
    },
  });
  let looks = 0;
  await signedIn(app, hosted.url);
  expect(await whoami(app)).toBe('ada read');
  await expect.poll(() => whoami(app), patience).toBe('ada read');
  isRefused = true;
  looks = 0;
  const answers = await Promise.all(Array.from({ length: 30 }, () => whoami(app)));
  for (const answer of answers) expect(answer).toContain(page);
  await whoami(app);
  expect(looks).toBe(1);
});
