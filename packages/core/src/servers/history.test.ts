import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { listAudit } from '../audit/verbs.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { giveServer } from './give.ts';
import { diffServerVersions, listServerVersions, restoreServer } from './history.ts';
import { revealSecret } from './logs.ts';
import { createServer, getServer, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub?.close());

async function numbersOf(id: string) {
  return (await listServerVersions(hub.ctx(), { id })).versions.map(({ number }) => number);
}
function changesIn({ lines }: { lines: { type: string; text?: string }[] }) {
  return lines.flatMap(({ type, text }) => (type === 'add' || type === 'remove' ? [`${type} ${text}`] : []));
}

it('keeps what a server was, tells what changed, and makes it that again', async () => {
  const ctx = hub.ctx();
  const env = { LEVEL: 'debug', API_TOKEN: 'planted-first' };
  const before = await createServer(ctx, makeDraft({ id: 'told', env, tags: ['one'], limits: { idleMs: 5_000 } }));
  const patch = { args: ['-y', 'other'], env: { LEVEL: 'info', API_TOKEN: 'planted-second' }, limits: { idleMs: 0 } };
  await updateServer(ctx, { id: 'told', patch: { ...patch, description: 'later', tags: [] } });
  // What leaves everything as it is makes none, and neither does switching it on and off.
  await updateServer(ctx, { id: 'told', patch: { description: 'later' } });
  await updateServer(ctx, { id: 'told', patch: { desired: 'stopped' } });
  expect(await numbersOf('told')).toEqual([2, 1]);
  const { settings, changedValues } = await diffServerVersions(ctx, { id: 'told', from: 1, to: 2 });
  expect(changesIn(settings)).toEqual([
    'remove tags:',
    'remove   - one',
    'add description: later',
    'remove   - server-files',
    'add   - other',
    'remove   LEVEL: debug',
    'add   LEVEL: info',
    'remove   idleMs: 5000',
    'add   idleMs: 0',
  ]);
  expect(changedValues).toEqual(['env.API_TOKEN']);
  const restored = await restoreServer(ctx, { id: 'told', number: 1 });
  const { command, args, tags, description, limits } = before;
  expect(restored).toMatchObject({ command, args, tags, description, limits, desired: 'stopped' });
  expect(restored.env).toEqual({ LEVEL: 'debug', API_TOKEN: '***' });
  expect(await revealSecret(ctx, { id: 'told', field: 'env', name: 'API_TOKEN' })).toEqual({ value: 'planted-second' });
  const { versions } = await listServerVersions(ctx, { id: 'told' });
  expect(versions[0]).toMatchObject({ number: 3, by: 'admin', restored: 1 });
  const entries = (await listAudit(ctx, { target: 'told', action: ['server.configure'] })).items;
  expect(entries[0]?.details).toMatchObject({ changed: expect.arrayContaining(['args', 'env']), restored: 1 });
  const rows = await hub.testDb.db.select().from(tables.versions).where(eq(tables.versions.entityId, 'told'));
  expect(JSON.stringify(rows)).not.toContain('planted');
});

it('knows a server of before versions were kept, and its items', async () => {
  const ctx = hub.ctx();
  await createServer(ctx, makeRemoteDraft({ id: 'older' }));
  await hub.testDb.db.delete(tables.versions).where(eq(tables.versions.entityId, 'older'));
  const item = { serverId: 'older', type: 'tool' as const, name: 'fetch', enabled: false, callsPerMinute: 3 };
  await hub.testDb.db.insert(tables.serverItems).values(item);
  await updateServer(ctx, { id: 'older', patch: { description: 'new' } });
  expect((await listServerVersions(ctx, { id: 'older' })).versions).toMatchObject([
    { number: 2, by: 'admin' },
    { number: 1, by: null },
  ]);
  await hub.testDb.db.delete(tables.serverItems).where(eq(tables.serverItems.serverId, 'older'));
  await restoreServer(ctx, { id: 'older', number: 1 });
  const items = await hub.testDb.db.select().from(tables.serverItems).where(eq(tables.serverItems.serverId, 'older'));
  expect(items).toMatchObject([item]);
});

it('refuses a version whose secrets are not stored any more, and names them', async () => {
  const ctx = hub.ctx();
  await createServer(ctx, makeRemoteDraft({ id: 'gone', headers: { 'x-key': 'planted', 'x-other': 'planted' } }));
  await updateServer(ctx, { id: 'gone', patch: { headers: {}, description: 'without' } });
  const refused = {
    code: 'precondition',
    message: 'Version 1 cannot be restored: nothing is stored in headers for x-key, x-other: add it there first.',
  };
  await expect(restoreServer(ctx, { id: 'gone', number: 1 })).rejects.toMatchObject(refused);
  expect(await getServer(ctx, { id: 'gone' })).toMatchObject({ description: 'without' });
  await updateServer(ctx, { id: 'gone', patch: { headers: { 'x-key': 'again', 'x-other': 'again' } } });
  expect((await restoreServer(ctx, { id: 'gone', number: 1 })).headers).toEqual({ 'x-key': '***', 'x-other': '***' });
  await expect(restoreServer(ctx, { id: 'gone', number: 99 })).rejects.toMatchObject({ code: 'not_found' });
});

it('is for who may configure it, and takes no secret where its manager could not see it', async () => {
  const owner = await hub.addUser('user');
  const headers = { 'x-key': 'planted' };
  const url = 'https://example.com/elsewhere';
  await createServer(hub.ctx(owner), makeRemoteDraft({ id: 'mine', headers }));
  await updateServer(hub.ctx(owner), { id: 'mine', patch: { url } });
  const other = await hub.addUser('user');
  const [of, absent] = [hub.ctx(other), { code: 'not_found' }];
  await expect(listServerVersions(of, { id: 'mine' })).rejects.toMatchObject(absent);
  await expect(diffServerVersions(of, { id: 'mine', from: 1, to: 2 })).rejects.toMatchObject(absent);
  await expect(restoreServer(of, { id: 'mine', number: 1 })).rejects.toMatchObject(absent);
  await giveServer(hub.ctx(), { id: 'mine', owner: other.id });
  expect((await restoreServer(hub.ctx(other), { id: 'mine', number: 1 })).url).toBe(url);
});

it('tells the next owner nothing of the addresses of before', async () => {
  const owner = await hub.addUser('user');
  const draft = makeRemoteDraft({ id: 'handed', url: 'https://example.com/mcp?key=oldsecret' });
  await createServer(hub.ctx(owner), draft);
  await updateServer(hub.ctx(owner), { id: 'handed', patch: { url: 'https://example.com/mcp' } });
  const other = await hub.addUser('user');
  await giveServer(hub.ctx(), { id: 'handed', owner: other.id });
  const { versions } = await listServerVersions(hub.ctx(other), { id: 'handed' });
  expect(versions).toHaveLength(1);
  const rows = await hub.testDb.db.select().from(tables.versions).where(eq(tables.versions.entityId, 'handed'));
  expect(JSON.stringify(rows)).not.toContain('oldsecret');
});

it('forgets its versions with the server', async () => {
  const ctx = hub.ctx();
  await createServer(ctx, makeRemoteDraft({ id: 'short' }));
  await removeServer(ctx, { id: 'short' });
  const rows = await hub.testDb.db.select().from(tables.versions).where(eq(tables.versions.entityId, 'short'));
  expect(rows).toEqual([]);
});
