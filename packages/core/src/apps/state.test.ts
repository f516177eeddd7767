import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTestCore, type TestCore } from '../testing.ts';
import { appState, forgetTokenCalls, removeSnapshot, restoreSnapshot, setAppState, takeSnapshot } from './state.ts';
import { createAppToken } from './tokens.ts';
import { tryApp } from './try.ts';
import { createApp } from './verbs.ts';

let hub: TestCore;
beforeEach(async () => {
  hub = await makeTestCore();
  await hub.core.start();
});
afterEach(() => hub.close());

async function counter() {
  const app = await createApp(hub.ctx(), {
    category: 'Test',
    name: 'Counter',
    displayName: 'Counter',
    initialState: { count: 0, kept: true },
    actions: [
      {
        name: 'add',
        displayName: '',
        description: '',
        parameters: [],
        inputSchema: null,
        outputSchema: null,
        annotations: null,
        answers: [{ mode: 'template', body: '{"count":{{ state.count }},"number":{{ call.number }}}' }],
        changes: '[{"op":"replace","path":"/count","value":{{ state.count | plus: 1 }}}]',
      },
    ],
  });
  const token = await createAppToken(hub.ctx(), { apps: [app.id] });
  async function add() {
    const { result } = await tryApp(hub.ctx(), { id: app.id, action: 'add', tokenId: token.id });
    return result?.['structuredContent'];
  }
  return { app, token, add };
}

describe('the state of a token', () => {
  it('is what its calls made of it, and goes back to where it was put aside', async () => {
    const { token, add } = await counter();
    const { id } = token;
    expect((await appState(hub.ctx(), { id })).state).toEqual({});
    await add();
    await takeSnapshot(hub.ctx(), { id, name: 'one' });
    expect(await add()).toEqual({ count: 1, number: 2 });
    expect(await appState(hub.ctx(), { id })).toMatchObject({
      state: { count: 2, kept: true },
      version: 2,
      snapshots: [{ name: 'one' }],
    });
    await restoreSnapshot(hub.ctx(), { id, name: 'one' });
    expect(await add()).toEqual({ count: 1, number: 3 });
    await setAppState(hub.ctx(), { id, state: null });
    expect(await add()).toEqual({ count: 0, number: 4 });
    await setAppState(hub.ctx(), { id, state: { count: 40 } });
    expect(await add()).toEqual({ count: 40, number: 5 });
    await forgetTokenCalls(hub.ctx(), { id });
    expect(await add()).toEqual({ count: 41, number: 1 });
  });

  it('is of nobody but who has the token', async () => {
    const { token } = await counter();
    const other = hub.ctx(await hub.addUser('user'));
    const ways = [
      appState(other, { id: token.id }),
      setAppState(other, { id: token.id, state: {} }),
      takeSnapshot(other, { id: token.id, name: 'x' }),
      restoreSnapshot(other, { id: token.id, name: 'x' }),
      removeSnapshot(other, { id: token.id, name: 'x' }),
    ];
    for (const way of await Promise.allSettled(ways))
      expect(way).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
  });

  it('has no snapshot that was not taken, and as many as it may', async () => {
    const { id } = (await counter()).token;
    await expect(restoreSnapshot(hub.ctx(), { id, name: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    for (let at = 0; at < 50; at += 1) await takeSnapshot(hub.ctx(), { id, name: `s${at}` });
    await expect(takeSnapshot(hub.ctx(), { id, name: 'more' })).rejects.toMatchObject({ code: 'limit_exceeded' });
    await takeSnapshot(hub.ctx(), { id, name: 's0' });
    await removeSnapshot(hub.ctx(), { id, name: 's1' });
    await takeSnapshot(hub.ctx(), { id, name: 'more' });
  });
});

describe('two hubs on one database', () => {
  it('see each other’s changes of a state', async () => {
    const { app, token, add } = await counter();
    await add();
    const row = hub.core.deps.simulator.token(token.id);
    const known = hub.core.deps.simulator.app(app.id);
    if (!row || !known) throw new Error('The token and the app are known.');
    const asked = { address: null, version: null, signal: new AbortController().signal };
    const { state } = await hub.core.deps.simulator.scopeOf(row, known, asked);
    expect(await state.read()).toMatchObject({ count: 1 });
    // As another hub writes it, and tells of it.
    await hub.testDb.connection.run(`update app_tokens set state = '{"count": 7}' where id = $1`, [token.id]);
    hub.core.events.emit({ type: 'app-state.changed', id: token.id, owner: null });
    expect(await state.read()).toMatchObject({ count: 7 });
  });
});
