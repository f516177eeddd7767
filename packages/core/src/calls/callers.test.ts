import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { createKey, revokeKey } from '../keys/verbs.ts';
import { createServer } from '../servers/verbs.ts';
import { makeRecord, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { removeUser } from '../users/verbs.ts';
import { listCallers, describeCall } from './callers.ts';
import { getCall, listCalls } from './queries.ts';

type User = Extract<Actor, { type: 'user' }>;

let hub: TestCore;
let tom: User;
let ann: User;
/** Somebody whose account is gone. */
let leaver: User;
let laptop: string;
let revoked: string;
let confined: Actor;

function tell(id: string, credential: string, more: object = {}) {
  hub.runtime.tell({ type: 'call', record: makeRecord({ id, credential, ...more }) });
}

beforeAll(async () => {
  hub = await makeTestCore();
  tom = await hub.addUser('user', 'tom');
  ann = await hub.addUser('user', 'ann');
  leaver = await hub.addUser('user', 'leaver');
  await createServer(hub.ctx(), makeRemoteDraft({ id: 'files', headers: { authorization: 'planted-header' } }));
  laptop = (await createKey(hub.ctx(tom), { name: 'cursor on a laptop' })).id;
  revoked = (await createKey(hub.ctx(tom), { name: 'old robot' })).id;
  const made = await createKey(hub.ctx(), { name: 'one server', servers: ['files'] });
  confined = (await hub.core.authenticate({ apiKey: made.key })).actor;
  tell('by-tom', `user:${tom.id}:s`);
  tell('with-laptop', `key:${tom.id}:${laptop}`, { serverId: 'web' });
  tell('with-revoked', `key:${tom.id}:${revoked}`);
  tell('by-ann', `user:${ann.id}:s`);
  tell('by-leaver', `user:${leaver.id}:s`);
  tell('with-confined', `key:${hub.admin.id}:${made.id}`);
  tell('local', 'local');
  await revokeKey(hub.ctx(tom), { id: revoked });
  await removeUser(hub.ctx(), { id: leaver.id });
});
afterAll(() => hub.close());

async function ids(input: Parameters<typeof listCalls>[1], ctx: Ctx = hub.ctx()) {
  return (await listCalls(ctx, input)).items.map(({ id }) => id).toSorted();
}

describe('who made a call', () => {
  it('is named, by people and keys that are gone too', async () => {
    const { items } = await listCalls(hub.ctx(), {});
    const who = Object.fromEntries(items.map(({ id, userName, keyName }) => [id, [userName, keyName]]));
    expect(who).toEqual({
      'by-tom': ['tom', null],
      'with-laptop': ['tom', 'cursor on a laptop'],
      'with-revoked': ['tom', 'old robot'],
      'by-ann': ['ann', null],
      'by-leaver': ['leaver', null],
      'with-confined': ['admin', 'one server'],
      local: [null, null],
    });
    expect(await getCall(hub.ctx(), { id: 'with-laptop' })).toMatchObject({
      userId: tom.id,
      userName: 'tom',
      keyId: laptop,
      keyName: 'cursor on a laptop',
    });
  });

  it('is told as the call ends, with nothing that history would not keep', () => {
    const record = makeRecord({
      credential: `key:${tom.id}:${laptop}`,
      outcome: 'tool_error',
      errorMessage: 'refused with planted-header',
      arguments: { a: 1 },
      result: { content: [] },
    });
    const told = describeCall(hub.ctx(), { ...record, given: { a: 1 }, hidden: null });
    expect(told).toMatchObject({ userName: 'tom', keyName: 'cursor on a laptop', errorMessage: 'refused with ***' });
    expect(told).not.toHaveProperty('arguments');
    expect(told).not.toHaveProperty('result');
    expect(told).not.toHaveProperty('given');
    expect(told).not.toHaveProperty('hidden');
  });

  it.each([
    [{ user: 'tom' }, ['by-tom', 'with-laptop', 'with-revoked']],
    [{ user: 'TOM', serverId: 'web' }, ['with-laptop']],
    [{ user: 'leaver' }, ['by-leaver']],
    [{ user: 'nobody' }, []],
    [{ search: 'Leav' }, ['by-leaver']],
    [{ search: 'laptop' }, ['with-laptop']],
    [{ search: 'old rob' }, ['with-revoked']],
    [{ search: 'tom' }, ['by-tom', 'with-laptop', 'with-revoked']],
    [{ search: '%' }, []],
  ])('is found by %j', async (input, found) => {
    expect(await ids(input)).toEqual(found);
  });

  it('is found by the key, by one that is gone too', async () => {
    expect(await ids({ key: laptop })).toEqual(['with-laptop']);
    expect(await ids({ key: revoked })).toEqual(['with-revoked']);
    expect(await ids({ key: laptop, user: 'tom' })).toEqual(['with-laptop']);
    expect(await ids({ key: laptop, user: 'ann' })).toEqual([]);
    expect(await ids({ key: 'nobody-had-it' })).toEqual([]);
    expect(await ids({ key: '%' })).toEqual([]);
  });
});

describe('who may not read calls of others', () => {
  it('finds only its own, whatever it asks for', async () => {
    const own = ['by-tom', 'with-laptop', 'with-revoked'];
    expect(await ids({}, hub.ctx(tom))).toEqual(own);
    expect(await ids({ user: 'tom' }, hub.ctx(tom))).toEqual(own);
    expect(await ids({ user: tom.id }, hub.ctx(tom))).toEqual(own);
    for (const input of [
      { user: 'ann' },
      { user: ann.id },
      { search: 'ann' },
      { user: 'leaver' },
      { user: 'nobody' },
    ]) {
      expect(await ids(input, hub.ctx(tom))).toEqual([]);
    }
    expect(await ids({ key: laptop }, hub.ctx(ann))).toEqual([]);
    expect(await ids({ search: 'laptop' }, hub.ctx(ann))).toEqual([]);
  });

  it('has only itself and its keys to choose from', async () => {
    expect(await listCallers(hub.ctx(tom), {})).toEqual({
      people: [{ id: tom.id, name: 'tom', removed: false }],
      keys: [
        { id: laptop, name: 'cursor on a laptop', userName: 'tom', removed: false },
        { id: revoked, name: 'old robot', userName: null, removed: true },
      ],
    });
    expect((await listCallers(hub.ctx(tom), { search: 'ann', chosen: [ann.id, 'ann'] })).people).toEqual([
      { id: tom.id, name: 'tom', removed: false },
    ]);
    expect((await listCallers(hub.ctx(ann), { chosen: [laptop] })).keys).toEqual([]);
    const byKey = await listCallers(hub.ctx(confined), {});
    expect(byKey).toMatchObject({ people: [], keys: [{ name: 'one server' }] });
    expect(await ids({}, hub.ctx(confined))).toEqual(['with-confined']);
  });
});

describe('who may read all calls', () => {
  it('has everybody to choose from, those that are gone after the others', async () => {
    const all = await listCallers(hub.ctx(), {});
    expect(all.people.map(({ name, removed }) => [name, removed])).toEqual([
      ['admin', false],
      ['ann', false],
      ['tom', false],
      ['leaver', true],
    ]);
    expect(all.keys.map(({ name, userName, removed }) => [name, userName, removed])).toEqual([
      ['cursor on a laptop', 'tom', false],
      ['one server', 'admin', false],
      ['old robot', null, true],
    ]);
  });

  it('searches them by name, and keeps what is chosen', async () => {
    const found = await listCallers(hub.ctx(), { search: 'LEAV', chosen: ['tom', laptop] });
    expect(found.people.map(({ name }) => name)).toEqual(['tom', 'leaver']);
    expect(found.keys.map(({ name }) => name)).toEqual(['cursor on a laptop']);
  });
});

describe('what a tool said of its error', () => {
  it('is kept as a short line without the secrets of the server', async () => {
    tell('failed', `user:${tom.id}:s`, {
      outcome: 'tool_error',
      errorMessage: `ERP-403: planted-header ${'x'.repeat(5_000)}`,
    });
    const { errorMessage } = await getCall(hub.ctx(), { id: 'failed' });
    expect(errorMessage).toMatch(/^ERP-403: \*\*\* x{400,}…$/);
    expect(errorMessage?.length).toBeLessThanOrEqual(501);
    expect(await ids({ search: 'erp-403' })).toEqual(['failed']);
    tell('silent', `user:${tom.id}:s`, { outcome: 'tool_error', errorMessage: '' });
    tell('unrecorded', `user:${tom.id}:s`, { outcome: 'tool_error', errorMessage: null });
    expect(await getCall(hub.ctx(), { id: 'silent' })).toMatchObject({ errorMessage: '' });
    expect(await getCall(hub.ctx(), { id: 'unrecorded' })).toMatchObject({ errorMessage: null });
  });

  it('has no part of a secret that a cut would leave', async () => {
    for (let before = 470; before <= 505; before += 5) {
      const id = `cut-${before}`;
      tell(id, 'local', { outcome: 'tool_error', errorMessage: `${'y'.repeat(before)}planted-header` });
      expect((await getCall(hub.ctx(), { id })).errorMessage).not.toContain('plant');
    }
  });
});
