import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import { tables } from '@switchboard/db';
import { addMember } from '../groups/members.ts';
import { addServerToGroup } from '../groups/servers.ts';
import { createGroup } from '../groups/verbs.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import type { Accounts } from './accounts-port.ts';
import { registerServer, testServer } from './lifecycle.ts';
import { secretMask } from './schema.ts';
import { createServer, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
let released: number[] = [];
afterEach(() => hub.close());

/** Accounts on paper; uids that another hub of the machine has are refused. */
function makeAccounts(last: number, foreign: readonly number[] = []): Accounts {
  return {
    range: { first: 70_000, last },
    unavailable: null,
    claim: (uid) => !foreign.includes(uid),
    release: (uid) => Promise.resolve(void released.push(uid)),
  };
}

async function start(accounts?: Accounts): Promise<void> {
  released = [];
  hub = await makeTestCore({}, undefined, accounts);
}
const draft = { kind: 'stdio', command: 'node' } as const;
async function rowOf(id: string) {
  const [row] = await hub.testDb.db.select().from(tables.servers).where(eq(tables.servers.id, id));
  return { account: row?.account, ownUid: row?.ownUid };
}
function uidInSpec(id: string) {
  const launch = hub.runtime.specs.find((spec) => spec.id === id)?.launch;
  return launch?.kind === 'stdio' ? launch.ownUid : undefined;
}

describe('a process server', () => {
  test('gets a uid that no other has, on this hub or the machine', async () => {
    await start(makeAccounts(70_009, [70_001]));
    const made = await Promise.all(['a', 'b', 'c'].map((id) => createServer(hub.ctx(), { id, ...draft })));
    expect(made.map(({ account }) => account)).toEqual(['own', 'own', 'own']);
    const uids = await Promise.all(['a', 'b', 'c'].map(async (id) => (await rowOf(id)).ownUid ?? 0));
    expect(new Set(uids).size).toBe(3);
    expect(uids).not.toContain(70_001);
    expect(uids.every((uid) => uid >= 70_000 && uid <= 70_009)).toBe(true);
    expect(['a', 'b', 'c'].map(uidInSpec)).toEqual(uids);
  });

  test('takes a uid that was given back last', async () => {
    await start(makeAccounts(70_003));
    async function uidOf(id: string) {
      await createServer(hub.ctx(), { id, ...draft });
      return (await rowOf(id)).ownUid;
    }
    const first = await uidOf('a');
    await removeServer(hub.ctx(), { id: 'a' });
    expect(released).toEqual([first]);
    const others = [await uidOf('b'), await uidOf('c'), await uidOf('d')];
    expect(others).not.toContain(first);
    expect(await uidOf('e')).toBe(first);
  });

  test('is refused where all uids are taken, unless it shares an account', async () => {
    await start(makeAccounts(70_000));
    await createServer(hub.ctx(), { id: 'a', ...draft });
    const refused = createServer(hub.ctx(), { id: 'b', ...draft });
    await expect(refused).rejects.toMatchObject({
      code: 'precondition',
      message: /All 1 uids of CHILD_UIDS are taken/,
    });
    expect(await rowOf('b')).toEqual({ account: undefined, ownUid: undefined });
    const shared = await createServer(hub.ctx(), { id: 'b', ...draft, account: 'shared' });
    expect(shared.account).toBe('shared');
    expect(uidInSpec('b')).toBeNull();
  });

  test('shares an account where the hub has none to give, and says why it cannot have its own', async () => {
    await start();
    expect((await createServer(hub.ctx(), { id: 'a', ...draft })).account).toBe('shared');
    const refused = updateServer(hub.ctx(), { id: 'a', patch: { account: 'own' } });
    await expect(refused).rejects.toMatchObject({
      code: 'precondition',
      message: 'This hub has no accounts for its servers.',
    });
  });

  test('of before keeps the shared one until its own is chosen, and keeps its uid from then on', async () => {
    await start(makeAccounts(70_009));
    await createServer(hub.ctx(), { id: 'a', ...draft, account: 'shared' });
    await updateServer(hub.ctx(), { id: 'a', patch: { args: ['x'] } });
    expect(await rowOf('a')).toEqual({ account: 'shared', ownUid: null });
    await updateServer(hub.ctx(), { id: 'a', patch: { account: 'own' } });
    const { ownUid } = await rowOf('a');
    expect(uidInSpec('a')).toBe(ownUid);
    await updateServer(hub.ctx(), { id: 'a', patch: { account: 'shared' } });
    expect([await rowOf('a'), uidInSpec('a')]).toEqual([{ account: 'shared', ownUid }, null]);
    await updateServer(hub.ctx(), { id: 'a', patch: { account: 'own' } });
    expect(await rowOf('a')).toEqual({ account: 'own', ownUid });
  });

  test('is one with its own account also where it was remote before', async () => {
    await start(makeAccounts(70_009));
    const made = await createServer(hub.ctx(), { id: 'a', kind: 'streamable-http', url: 'http://127.0.0.1:9/mcp' });
    expect(made.account).toBeNull();
    const refused = updateServer(hub.ctx(), { id: 'a', patch: { account: 'own' } });
    await expect(refused).rejects.toMatchObject({ code: 'invalid', message: /belongs to stdio servers/ });
    await updateServer(hub.ctx(), { id: 'a', patch: { kind: 'stdio', command: 'node' } });
    expect((await rowOf('a')).ownUid).toBe(uidInSpec('a'));
  });

  test('is tried out under an account that is given back', async () => {
    await start(makeAccounts(70_009));
    await testServer(hub.ctx(), { draft: { name: 'Draft', ...draft } });
    expect(released).toHaveLength(1);
    hub.runtime.failing.set('a', 'It fails.');
    await expect(registerServer(hub.ctx(), { id: 'a', ...draft })).rejects.toMatchObject({ code: 'unavailable' });
    expect(released).toHaveLength(2);
    hub.runtime.failing.clear();
    await registerServer(hub.ctx(), { id: 'a', ...draft });
    await testServer(hub.ctx(), { draft: { name: 'A', ...draft }, existingId: 'a' });
    expect(released).toHaveLength(2);
  });

  test('changes its account only by who may run programs', async () => {
    await start(makeAccounts(70_009));
    const owner = await hub.addUser('user');
    await createServer(hub.ctx(), { id: 'a', ...draft, account: 'shared' });
    await hub.testDb.db.update(tables.servers).set({ createdBy: owner.type === 'user' ? owner.id : null });
    await hub.core.deps.hub.reconcile();
    const refused = updateServer(hub.ctx(owner), { id: 'a', patch: { account: 'own' } });
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });

  describe('whose secrets the caller may not see', () => {
    const elsewhere = { command: 'python3', env: { TOKEN: 'mine' } };

    /** A runner who may manage server `a` through a group. */
    async function asMember() {
      await start(makeAccounts(70_009));
      await createServer(hub.ctx(), { id: 'a', ...draft, env: { TOKEN: 'sk-of-a' } });
      const member = await hub.addUser('user');
      await updateUser(hub.ctx(), { id: member.id, patch: { grants: ['server.run-process'] } });
      await createGroup(hub.ctx(), { name: 'team', permissions: { servers: ['read', 'write', 'execute'] } });
      await addMember(hub.ctx(), { groupId: 'team', userId: member.id });
      const permissions = ['read' as const, 'write' as const, 'execute' as const];
      await addServerToGroup(hub.ctx(), { groupId: 'team', serverId: 'a', permissions });
      const { ownUid } = await rowOf('a');
      return { ctx: hub.ctx(member), uid: ownUid };
    }

    test('is tried out under a fresh account where another program is tried, and under its own where not', async () => {
      const { ctx, uid } = await asMember();
      await testServer(ctx, { draft: { name: 'A', kind: 'stdio', ...elsewhere }, existingId: 'a' });
      expect(released).toHaveLength(1);
      expect(released).not.toContain(uid);
      await testServer(ctx, { draft: { name: 'A', ...draft, env: { TOKEN: secretMask } }, existingId: 'a' });
      await testServer(hub.ctx(), { draft: { name: 'A', kind: 'stdio', ...elsewhere }, existingId: 'a' });
      expect(released).toHaveLength(1);
    });

    test('gets a new account with another program, and the old one is given back', async () => {
      const { ctx, uid } = await asMember();
      await updateServer(ctx, { id: 'a', patch: { description: 'Other words.' } });
      expect([(await rowOf('a')).ownUid, released]).toEqual([uid, []]);
      await updateServer(ctx, { id: 'a', patch: elsewhere });
      const { ownUid } = await rowOf('a');
      expect(ownUid).not.toBe(uid);
      expect(uidInSpec('a')).toBe(ownUid);
      expect(released).toEqual([uid]);
      await updateServer(hub.ctx(), { id: 'a', patch: { command: 'node' } });
      expect((await rowOf('a')).ownUid).toBe(ownUid);
    });

    test('keeps no account that it could go back to', async () => {
      const { ctx, uid } = await asMember();
      await updateServer(ctx, { id: 'a', patch: { ...elsewhere, account: 'shared' } });
      expect([await rowOf('a'), released]).toEqual([{ account: 'shared', ownUid: null }, [uid]]);
    });
  });
});
