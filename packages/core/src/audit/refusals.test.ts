import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { createGroup, getGroup } from '../groups/verbs.ts';
import { createServer, getServer, removeServer } from '../servers/verbs.ts';
import { makeDraft, makeTestCore, unbounded, type TestCore } from '../testing.ts';
import { listUsers } from '../users/listing.ts';
import { listAudit } from './verbs.ts';

let hub: TestCore;
let user: Extract<Actor, { type: 'user' }>;
beforeAll(async () => {
  hub = await makeTestCore();
  user = await hub.addUser('user', 'prober');
  await createServer(hub.ctx(), makeDraft({ id: 'hidden', visibility: 'private' }));
  await createServer(hub.ctx(), makeDraft({ id: 'open', visibility: 'everyone' }));
});
afterAll(() => hub.close());

function by(actor: Actor): Ctx {
  return hub.core.ctxFor(actor, { way: 'rest', requestId: 'req-9', address: '192.0.2.7' });
}
async function refused(userId: string = user.id) {
  return (await listAudit(hub.ctx(), { outcome: ['refused'], user: userId, limit: 500 })).items;
}
function fails(attempt: Promise<unknown>, code: string) {
  return expect(attempt).rejects.toMatchObject({ code });
}

describe('what somebody was refused', () => {
  it('is in the trail: what was not theirs to do, and what was not theirs to see', async () => {
    await fails(removeServer(by(user), { id: 'open' }), 'forbidden');
    await fails(getServer(by(user), { id: 'hidden' }), 'not_found');
    await fails(listUsers(by(user), {}), 'forbidden');
    expect(await refused()).toMatchObject([
      {
        action: 'user.list',
        target: null,
        error: 'Only admins may do this.',
        errorReason: { code: 'onlyAdmins', params: {} },
        details: { reason: 'Only admins may do this.' },
      },
      { action: 'server.read', target: 'hidden', userName: 'prober', address: '192.0.2.7', requestId: 'req-9' },
      { action: 'server.remove', target: 'open', outcome: 'refused', way: 'rest', error: expect.stringMatching(/\w/) },
    ]);
    for (const { details } of await refused()) expect(details).not.toHaveProperty('why');
  });

  it('names the key where one was used', async () => {
    const { id: userId, username } = user;
    const key = { type: 'key', id: 'k1', userId, username, role: 'user', scopes: ['read'], bounds: unbounded } as const;
    await fails(createGroup(by(key), { name: 'mine' }), 'forbidden');
    expect((await refused()).find(({ keyId }) => keyId === 'k1')).toMatchObject({
      action: 'group.create',
      target: 'mine',
    });
  });

  it('is written once a minute, and a hundred times at most', async () => {
    const loud = await hub.addUser('user', 'loud');
    function probe(id: string) {
      return fails(getGroup(by(loud), { id }), 'not_found');
    }
    for (let n = 0; n < 3; n += 1) await probe('same');
    expect(await refused(loud.id)).toHaveLength(1);
    for (let n = 0; n < 120; n += 1) await probe(`group-${n}`);
    expect(await refused(loud.id)).toHaveLength(100);
    hub.clock.advance(60_000);
    await probe('same');
    expect(await refused(loud.id)).toHaveLength(101);
  });

  it('is nothing that the hub looked up by itself, and nothing that is not there for an admin', async () => {
    const before = (await refused()).length;
    await fails(getServer(hub.ctx(user), { id: 'hidden-2' }), 'not_found');
    await fails(getServer(by(hub.admin), { id: 'gone' }), 'not_found');
    expect(await refused()).toHaveLength(before);
    expect(await refused(hub.admin.id)).toEqual([]);
  });
});
