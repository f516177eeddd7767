import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ctx } from '../context.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { giveServer } from './give.ts';
import { registerServer } from './lifecycle.ts';
import { nameKey } from './names.ts';
import { createServer, listServers, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
let tom: Ctx['actor'];
let ann: Ctx['actor'];
beforeAll(async () => {
  hub = await makeTestCore();
  tom = await hub.addUser('user', 'tom');
  ann = await hub.addUser('user', 'ann');
});
afterAll(() => hub.close());
afterEach(async () => {
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
});

const taken = { code: 'conflict', details: { field: 'name', conflictingResourceId: 'first' } };

it('compares names trimmed, composed and without case', () => {
  expect(nameKey(' Cafe\u0301 ')).toBe(nameKey('CAF\u00c9'));
  expect(nameKey('高德地图')).not.toBe(nameKey('百度地图'));
});

describe('a name', () => {
  it.each(['Notes', ' notes ', 'NOTES'])('is refused to a second server of the owner as %j', async (name) => {
    await createServer(hub.ctx(tom), makeRemoteDraft({ id: 'first', name: 'Notes' }));
    const again = makeRemoteDraft({ id: 'second', name });
    await expect(createServer(hub.ctx(tom), again)).rejects.toMatchObject(taken);
    await createServer(hub.ctx(tom), makeRemoteDraft({ id: 'second', name: 'Else' }));
    await expect(updateServer(hub.ctx(tom), { id: 'second', patch: { name } })).rejects.toMatchObject(taken);
    await updateServer(hub.ctx(tom), { id: 'first', patch: { name } });
  });

  it('is refused to who sees another’s server of it, and told to nobody else', async () => {
    await createServer(hub.ctx(tom), makeRemoteDraft({ id: 'first', name: 'Notes' }));
    await createServer(hub.ctx(ann), makeRemoteDraft({ id: 'second', name: 'Notes' }));
    await expect(createServer(hub.ctx(), makeDraft({ id: 'third', name: 'notes' }))).rejects.toMatchObject(taken);
  });

  it('is refused before a server to register is started', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'first', name: 'Notes' }));
    hub.runtime.asked.length = 0;
    const draft = makeDraft({ id: 'second', name: 'notes' });
    await expect(registerServer(hub.ctx(), draft)).rejects.toMatchObject(taken);
    expect(hub.runtime.asked).toEqual([]);
  });

  it('keeps a server from who has one of it, whatever others are called', async () => {
    await createServer(hub.ctx(tom), makeRemoteDraft({ id: 'first', name: 'Notes' }));
    await createServer(hub.ctx(ann), makeRemoteDraft({ id: 'second', name: 'Notes' }));
    const bob = await hub.addUser('user', 'bob');
    function owner(actor: Ctx['actor']) {
      return actor.type === 'user' ? actor.id : '';
    }
    await expect(giveServer(hub.ctx(), { id: 'second', owner: owner(tom) })).rejects.toMatchObject(taken);
    expect(await giveServer(hub.ctx(), { id: 'second', owner: owner(bob) })).toMatchObject({ ownerName: 'bob' });
  });

  it('is given to one of two servers that are made at once', async () => {
    const attempts = ['a', 'b'].map((id) => createServer(hub.ctx(), makeDraft({ id, name: 'Same' })));
    const settled = await Promise.allSettled(attempts);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});
