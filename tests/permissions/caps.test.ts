import { createKey, createServer, importConfig } from '@switchboard/core';
import { makeRemoteDraft, makeTestCore } from '@switchboard/core/testing';
import { tables } from '@switchboard/db';
import { expect, test } from 'vitest';

/** What one person may hold at most: counted by the person whatever it comes with, and for nobody else. */

test('API keys made at once count each other', async () => {
  await using hub = await makeTestCore({ caps: { serversPerPerson: 5, keysPerPerson: 5 } });
  const [ann, bob] = [await hub.addUser('user'), await hub.addUser('user')];
  await createKey(hub.ctx(ann), { name: 'first' });
  const made = await Promise.allSettled(Array.from({ length: 20 }, () => createKey(hub.ctx(ann), { name: 'more' })));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  await expect(createKey(hub.ctx(ann), { name: 'more' })).rejects.toMatchObject({ code: 'limit_exceeded' });
  await expect(createKey(hub.ctx(bob), { name: 'first' })).resolves.toMatchObject({ name: 'first' });
});

test('servers made at once, by an import too, count each other; who may run programs is not bounded', async () => {
  await using hub = await makeTestCore({ caps: { serversPerPerson: 5, keysPerPerson: 5 } });
  const [ann, bob] = [await hub.addUser('user'), await hub.addUser('user')];
  const entries = Array.from({ length: 8 }, (_, n) => [`imported-${n}`, { url: `https://example.com/${n}` }]);
  const text = JSON.stringify({ mcpServers: Object.fromEntries(entries) });
  const more = (n: number) => createServer(hub.ctx(ann), makeRemoteDraft({ id: `made-${n}` }));
  const [imported, ...made] = await Promise.allSettled([
    importConfig(hub.ctx(ann), { text, apply: true }),
    ...Array.from({ length: 8 }, (_, n) => more(n)),
  ]);
  const applied = imported.status === 'fulfilled' ? imported.value.entries : [];
  const count = made.filter(({ status }) => status === 'fulfilled').length;
  expect(count + applied.filter(({ action }) => action === 'create').length).toBe(5);
  expect(await hub.testDb.db.$count(tables.servers)).toBe(5);
  await expect(more(9)).rejects.toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('allows 5') });
  await createServer(hub.ctx(bob), makeRemoteDraft({ id: 'of-bob' }));
  for (let n = 0; n < 7; n += 1) await createServer(hub.ctx(), makeRemoteDraft({ id: `of-admin-${n}` }));
});
