import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { createTestApp, type TestApp } from '../support/app.ts';
import { type Authorization, startAuthorization } from '../support/upstream/authorization.ts';
import { type Hosted, startHosted } from '../support/upstream/hosted.ts';
import { browserOf } from '../support/upstream/person.ts';
import { beginSignIn, registerHosted, signInState, stateOf } from '../support/upstream/signed-in.ts';

type Held = (path: string) => void | Promise<void>;

/** Servers that somebody moves while a person signs in; `hold` waits in the middle of requests. */
describe('a server that is moved while somebody signs in', () => {
  let app: TestApp;
  let at: Authorization;
  let hosted: Hosted;
  let thief: Hosted;
  let hold: Held;

  beforeEach(async () => {
    hold = () => undefined;
    app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true' });
    at = await startAuthorization({ waits: (path) => hold(path) });
    hosted = await startHosted({ at: () => at });
    thief = await startHosted({ at: () => at });
    await registerHosted(app, hosted.url);
  });
  afterEach(async () => {
    await app?.[Symbol.asyncDispose]();
    for (const each of [thief, hosted, at]) await each?.close();
  });

  async function move(): Promise<void> {
    await app.client().servers.update.mutate({ id: 'hosted', patch: { url: thief.url } });
  }

  /** Moves the server in the middle of the first request of this path. */
  function moveAt(place: string): void {
    hold = async (path) => {
      if (path !== place) return;
      hold = () => undefined;
      await move();
    };
  }

  async function come(url: string): Promise<number> {
    return (await browserOf(app.url, { authorization: `Bearer ${app.token}` }).go(url)).status;
  }

  async function nothingStolen(): Promise<void> {
    await expect.poll(() => stateOf(app), { timeout: 20_000 }).toBe('needs-sign-in');
    expect(thief.tokens.filter((token) => token !== null)).toEqual([]);
    expect(await app.connection.db.select().from(tables.upstreamGrants)).toEqual([]);
    expect(await signInState(app)).toMatchObject({ held: false });
  }

  it('gets nothing of a sign-in that was begun before', async () => {
    const url = await beginSignIn(app);
    await move();
    expect(await come(url)).toBe(400);
    expect(at.forms).toEqual([]);
    await nothingStolen();
  });

  it('gets nothing of a code that is being redeemed', async () => {
    const url = await beginSignIn(app);
    moveAt('/token');
    expect(await come(url)).toBe(400);
    expect(at.forms).toHaveLength(1);
    expect((await signInState(app)).attempt).toMatchObject({ state: 'failed', failure: { code: 'signInMeanwhile' } });
    await nothingStolen();
  });

  it('ends a sign-in that is being begun', async () => {
    moveAt('/reg');
    await expect(beginSignIn(app)).rejects.toThrow(/was changed while you signed in/);
    await nothingStolen();
  });
});
