import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type Authorization, startAuthorization } from '../support/upstream/authorization.ts';
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

const env = { ALLOW_PRIVATE_URLS: 'true' };

async function giveAway(app: TestApp): Promise<void> {
  const draft = { username: 'next', password: 'a long enough password', role: 'user' } as const;
  const { id: owner } = await app.client().users.create.mutate(draft);
  await app.client().servers.give.mutate({ id: 'hosted', owner });
}

function refreshes(at: Authorization): URLSearchParams[] {
  return at.forms.filter((form) => form.get('grant_type') === 'refresh_token');
}

describe('signing in to a hosted server', () => {
  it('finds the authorization server, registers, and starts the server for the person who comes back', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url);
    expect(await stateOf(app)).toBe('needs-sign-in');
    const back = await signIn(app);
    expect(back.url).toBe(`${app.url}/ui/servers/hosted`);
    await expect.poll(() => stateOf(app), patience).toBe('running');
    expect(await whoami(app)).toBe('ada read');
    expect(await signInState(app)).toMatchObject({ held: { issuer: at.issuer }, attempt: { state: 'done' } });
    expect(at.forms[0]?.get('resource')).toBe(hosted.url);
    expect(at.forms[0]?.get('code_verifier')).toMatch(/^[\w~.-]{43,}$/);
  });

  it('signs out here and there, and asks again', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url);
    const token = hosted.tokens.at(-1) ?? '';
    expect(await app.client().signIns.end.mutate({ id: 'hosted' })).toEqual({ ended: true });
    await expect.poll(() => stateOf(app), patience).toBe('needs-sign-in');
    expect(await at.check(token, hosted.url)).toBeNull();
    expect(await signInState(app)).toMatchObject({ held: false });
  });

  it.each<[string, 'person' | 'shared', (app: TestApp) => Promise<unknown>]>([
    ['is removed', 'person', (app) => app.client().servers.remove.mutate({ id: 'hosted' })],
    [
      'is moved',
      'person',
      (app) => app.client().servers.update.mutate({ id: 'hosted', patch: { url: 'http://127.0.0.1:9/mcp' } }),
    ],
    ['is given to another owner', 'shared', giveAway],
  ])('that %s ends its sign-ins at whoever made them', async (_what, who, act) => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url, { signIn: { who } });
    const token = hosted.tokens.at(-1) ?? '';
    expect(await at.check(token, hosted.url)).not.toBeNull();
    await act(app);
    await expect.poll(() => at.check(token, hosted.url), patience).toBeNull();
  });

  it('asks for the rights that a call needs besides those that are there, and no more often than that', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    let scope: string | null = null;
    await using hosted = await startHosted({ at: () => at, callScope: () => scope });
    await signedIn(app, hosted.url);
    scope = 'write';
    expect(await whoami(app)).toContain('sign-in');
    expect(await signInState(app)).toMatchObject({ wanted: true, more: true });
    const url = new URL(await beginSignIn(app));
    expect(url.searchParams.get('scope')?.split(' ').toSorted()).toEqual(['offline_access', 'read', 'write']);
    await signIn(app);
    await expect.poll(() => whoami(app), patience).toBe('ada read write');
    // What was asked for and is still refused is refused for another reason.
    scope = 'write none-such';
    await whoami(app);
    await signIn(app);
    await expect.poll(() => stateOf(app), patience).toBe('running');
    await expect.poll(() => whoami(app), patience).toContain('refused the message');
    expect(await signInState(app)).toMatchObject({ wanted: false });
  });

  it('hears a server that challenges only at calls', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization();
    await using hosted = await startHosted({ at: () => at, open: (method) => method !== 'tools/call' });
    await registerHosted(app, hosted.url);
    await expect.poll(() => stateOf(app), patience).toBe('running');
    expect(await whoami(app)).toContain('sign-in');
    expect(await signInState(app)).toMatchObject({ wanted: true });
    await signIn(app);
    await expect.poll(() => whoami(app), patience).toBe('ada read');
  });

  it('registers anew where the authorization server is another one, and shows it nothing of the first', async () => {
    await using app = await createTestApp(env);
    await using first = await startAuthorization();
    await using second = await startAuthorization();
    let at = first;
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url);
    const before = first.forms.flatMap((form) => [...form.values()]);
    at = second;
    expect(await whoami(app)).not.toBe('ada read');
    await expect.poll(async () => (await signInState(app)).wanted, patience).toBe(true);
    await signIn(app);
    await expect.poll(() => whoami(app), patience).toBe('ada read');
    expect(second.requests).toContain('/reg');
    const shown = second.forms.flatMap((form) => [...form.values()]);
    expect(shown.filter((value) => value.length > 30 && !value.startsWith('http') && before.includes(value))).toEqual(
      [],
    );
  });
});

describe('a token at its end', () => {
  it('is refreshed once for 50 calls, for the same server, though its provider rotates without grace', async () => {
    await using app = await createTestApp(env);
    await using at = await startAuthorization({ tokenSeconds: 3 });
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url);
    await sleep(3_500);
    at.tokenSeconds = 3600;
    const before = refreshes(at).length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => whoami(app)));
    expect(new Set(answers)).toEqual(new Set(['ada read']));
    expect(refreshes(at)).toHaveLength(before + 1);
    expect(refreshes(at).at(-1)?.get('resource')).toBe(hosted.url);
  });

  it('that cannot be refreshed asks the person again, and says what was wrong', async () => {
    await using app = await createTestApp(env);
    let gone = false;
    await using at = await startAuthorization({
      tokenSeconds: 2,
      before(request, response) {
        if (!gone || request.url !== '/token') return false;
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: 'invalid_grant', error_description: 'It was used already.' }));
        return true;
      },
    });
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url);
    gone = true;
    await sleep(2_500);
    expect(await whoami(app)).toContain('/ui/servers/hosted');
    const state = await signInState(app);
    expect(state).toMatchObject({ wanted: true, held: false });
    expect(state.attempt?.failure?.text).toContain('invalid_grant: It was used already.');
    gone = false;
    await signIn(app);
    await expect.poll(() => whoami(app), patience).toBe('ada read');
  });

  it('stays what it is while its provider is away', async () => {
    await using app = await createTestApp(env);
    let away = false;
    await using at = await startAuthorization({
      tokenSeconds: 2,
      before(request, response) {
        if (!away || request.url !== '/token') return false;
        response.writeHead(503, { 'content-type': 'text/html' });
        response.end('<html><body><h1>Back soon</h1></body></html>');
        return true;
      },
    });
    await using hosted = await startHosted({ at: () => at });
    await signedIn(app, hosted.url);
    away = true;
    await sleep(2_500);
    expect(await whoami(app)).toContain('HTTP 503: Back soon');
    away = false;
    await expect.poll(() => whoami(app), { ...patience, interval: 500 }).toBe('ada read');
  });
});
