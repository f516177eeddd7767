import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type Authorization, startAuthorization } from '../support/upstream/authorization.ts';
import { type Hosted, startHosted } from '../support/upstream/hosted.ts';
import {
  patience,
  registerHosted,
  signedIn,
  signIn,
  signInState,
  stateOf,
  whoami,
} from '../support/upstream/signed-in.ts';

interface Answer {
  status: number;
  type: string;
  text: string;
}

function refusal(status: number, error: string, description = 'It said so.'): Answer {
  return { status, type: 'application/json', text: JSON.stringify({ error, error_description: description }) };
}

describe('a refresh', () => {
  let app: TestApp;
  let at: Authorization;
  let hosted: Hosted;
  /** What the token endpoint answers in place of tokens. */
  let says: Answer | null;
  let held: (() => Promise<void>) | null;
  let asked: number;

  beforeEach(async () => {
    [says, held, asked] = [null, null, 0];
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    at = await startAuthorization({
      tokenSeconds: 2,
      async waits(path) {
        if (path !== '/token') return;
        asked += 1;
        await held?.();
      },
      says: (path) => (path === '/token' ? says : null),
    });
    hosted = await startHosted({ at: () => at });
  });
  afterEach(async () => {
    await app?.[Symbol.asyncDispose]();
    for (const each of [hosted, at]) await each?.close();
  });

  /** Holds requests of tokens until `open` is called. */
  function hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = () => promise;
    return () => {
      held = null;
      resolve();
    };
  }

  async function atItsEnd(): Promise<void> {
    await signedIn(app, hosted.url);
    await sleep(2_100);
    at.tokenSeconds = 3600;
    asked = 0;
  }

  it('is made once, though what is known of the server is read anew in the midst of it', async () => {
    await atItsEnd();
    const open = hold();
    const first = whoami(app);
    await expect.poll(() => asked, patience).toBe(1);
    await app.client().servers.update.mutate({ id: 'hosted', patch: { description: 'Other words' } });
    const second = whoami(app);
    await sleep(300);
    open();
    expect(await Promise.all([first, second])).toEqual(['ada read', 'ada read']);
    expect(await whoami(app)).toBe('ada read');
    expect(asked).toBe(1);
    expect(await signInState(app)).toMatchObject({ wanted: false, attempt: { state: 'done' } });
  });

  it('that is refused takes nothing from a sign-in that was made meanwhile', async () => {
    await atItsEnd();
    const open = hold();
    says = refusal(400, 'invalid_grant');
    const call = whoami(app);
    await expect.poll(() => asked, patience).toBe(1);
    const [refused, back] = [held, says];
    [held, says] = [null, null];
    await signIn(app);
    [held, says] = [refused, back];
    open();
    await call;
    says = null;
    expect(await signInState(app)).toMatchObject({ wanted: false, attempt: { state: 'done' } });
    await expect.poll(() => whoami(app), patience).toBe('ada read');
    expect(asked).toBe(2);
  });

  it.each([
    ['with a code of its own at status 200', refusal(200, 'bad_refresh_token'), false],
    ['with a code that nobody knows', refusal(400, 'token_revoked'), false],
    ['with a page', { status: 403, type: 'text/html', text: '<h1>Go away</h1>' }, true],
    ['for how it asks', refusal(400, 'invalid_request'), true],
  ] as const)('that is refused %s sends the person to sign in again', async (_what, answer, isKept) => {
    await atItsEnd();
    says = answer;
    expect(await whoami(app)).toContain('/ui/servers/hosted');
    const state = await signInState(app);
    expect(state).toMatchObject({ wanted: true, attempt: { state: 'failed' } });
    expect(state.held !== false).toBe(isKept);
    says = null;
    await signIn(app);
    await expect.poll(() => whoami(app), patience).toBe('ada read');
    expect(await signInState(app)).toMatchObject({ wanted: false });
  });

  it('of a sign-in that is everybody’s tells whoever may configure the server why it failed', async () => {
    await registerHosted(app, hosted.url, { signIn: { who: 'shared' } });
    await signIn(app);
    await expect.poll(() => stateOf(app), patience).toBe('running');
    await sleep(2_100);
    says = refusal(400, 'invalid_grant', 'It was used already.');
    await whoami(app);
    const { attempt } = await signInState(app);
    expect(attempt).toMatchObject({ state: 'failed', failure: { text: expect.stringContaining('used already') } });
  });
});
