import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { giveServer } from './give.ts';
import { revealSecret } from './logs.ts';
import { createServer, getServer } from './verbs.ts';

let hub: TestCore;
let from: Actor;
let to: Actor;
function idOf(actor: Actor): string {
  return 'id' in actor ? actor.id : '';
}

beforeAll(async () => {
  hub = await makeTestCore();
  from = await hub.addUser('user');
  to = await hub.addUser('user');
});
afterAll(() => hub.close());

const secret = { id: 'given', field: 'headers', name: 'x-token' } as const;

describe('giveServer', () => {
  it('makes a private server and its secrets the other one’s, and nobody else’s', async () => {
    const headers = { 'x-token': 'planted' };
    await createServer(hub.ctx(from), makeRemoteDraft({ id: 'given', headers, visibility: 'private' }));
    await expect(getServer(hub.ctx(to), { id: 'given' })).rejects.toMatchObject({ code: 'not_found' });
    const given = await giveServer(hub.ctx(), { id: 'given', owner: idOf(to) });
    expect(given).toMatchObject({ createdBy: idOf(to), can: { give: true } });
    await expect(getServer(hub.ctx(from), { id: 'given' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await getServer(hub.ctx(to), { id: 'given' })).toMatchObject({ can: { configure: true, give: false } });
    expect(await revealSecret(hub.ctx(to), secret)).toEqual({ value: 'planted' });
    const trail = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.action, 'server.give'));
    expect(trail).toMatchObject([
      { subject: 'given', userId: hub.admin.id, details: { from: idOf(from), to: idOf(to) } },
    ]);
  });

  it('is for admins alone, not even for the owner', async () => {
    for (const actor of [from, to]) {
      await expect(giveServer(hub.ctx(actor), { id: 'given', owner: idOf(from) })).rejects.toMatchObject({
        code: 'forbidden',
        message: 'Only admins may do this.',
      });
    }
    expect(await getServer(hub.ctx(), { id: 'given' })).toMatchObject({ createdBy: idOf(to) });
  });

  it('refuses an account that is not there, and one that only looks', async () => {
    await expect(giveServer(hub.ctx(), { id: 'given', owner: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    const viewer = await hub.addUser('viewer');
    await expect(giveServer(hub.ctx(), { id: 'given', owner: idOf(viewer) })).rejects.toThrow(/viewers only look/);
    expect(await getServer(hub.ctx(), { id: 'given' })).toMatchObject({ createdBy: idOf(to) });
  });
});
