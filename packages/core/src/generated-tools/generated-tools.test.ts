import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { exportConfig } from '../servers/export.ts';
import { startServer } from '../servers/lifecycle.ts';
import { toContainer } from '../servers/switch.ts';
import { createServer, listServers, removeServer, updateServer } from '../servers/verbs.ts';
import { makeDraft, makeTestCore, type TestCore } from '../testing.ts';
import { describe as saidOf, hashOf } from './content.ts';
import { loadRunnable } from './queries.ts';
import { registerGeneratedTool } from './register.ts';
import {
  changeGeneratedTool,
  disableGeneratedTool,
  enableGeneratedTool,
  getGeneratedTool,
  listGeneratedTools,
} from './verbs.ts';

let hub: TestCore;
let user: Actor;

beforeAll(async () => {
  const range = { first: 70_000, last: 70_099 };
  const accounts = { range, unavailable: null, claim: () => true, release: () => Promise.resolve() };
  hub = await makeTestCore({}, undefined, accounts);
  user = await hub.addUser('user');
});
afterAll(() => hub.close());
beforeEach(async () => {
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
});

function register(folderName: string, more: object = {}, actor?: Actor) {
  const draft = { folderName, scriptFiles: { 'main.py': 'def main():...' }, readme: '# Weather\n', dependencies: '' };
  return registerGeneratedTool(hub.ctx(actor), { ...draft, ...more });
}
function refused(code: string, message?: RegExp) {
  return expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) });
}

describe('registering', () => {
  it('numbers a name that is taken where it is asked to', async () => {
    await register('weather');
    await register('weather_1');
    expect(await register('weather', { numbered: true })).toMatchObject({ name: 'weather_2', id: 'weather_2' });
    const long = 'x'.repeat(64);
    await register(long);
    expect((await register(long, { numbered: true })).name).toBe(`${'x'.repeat(62)}_1`);
    expect(await register('tools', { numbered: true })).toMatchObject({ name: 'tools_1' });
    await expect(register('weather')).rejects.toEqual(refused('conflict'));
  });

  it('gives one of those who ask at once the name', async () => {
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => register('race')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(refused('conflict'));
    const numbered = await Promise.all(Array.from({ length: 3 }, () => register('race', { numbered: true })));
    expect(numbered.map(({ name }) => name).toSorted()).toEqual(['race_1', 'race_2', 'race_3']);
  });

  it('writes down who did it, and tells the runtime of nothing that runs', async () => {
    const { id } = await register('written', {}, user);
    const rows = await hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.subject, id));
    expect(rows.map(({ action }) => action)).toEqual(['server.create']);
    const spec = hub.runtime.specs.find((each) => each.id === id);
    expect(spec).toMatchObject({ desired: 'disabled', launch: { kind: 'generated', reviewed: null } });
  });
});

describe('what a tool is made of', () => {
  it('has one hash, whatever the order of its files', () => {
    const [a, b] = [
      { path: 'a.py', text: '1' },
      { path: 'b.py', text: '2' },
    ];
    const rest = { readme: '', dependencies: '' };
    expect(hashOf({ files: [a, b], ...rest })).toBe(hashOf({ files: [b, a], ...rest }));
    const others = [
      { files: [a], ...rest },
      { files: [{ path: 'a.py', text: '2' }, b], ...rest },
      { files: [a, b], readme: 'x', dependencies: '' },
      { files: [a, b], readme: '', dependencies: 'x' },
    ];
    expect(new Set([...others, { files: [a, b], ...rest }].map(hashOf)).size).toBe(5);
  });

  it('is said by the first line of its readme', () => {
    expect(saidOf('\n## Weather *now*\nmore')).toBe('Weather *now*');
    expect(saidOf('# \n\n---\n')).toBe('');
    expect(saidOf('#'.repeat(100_000))).toHaveLength(500);
  });

  it('runs as it was reviewed, and as nothing else', async () => {
    const { id, hash } = await register('weather');
    const { db } = hub.testDb;
    expect(await loadRunnable(db, id, hash)).toBeNull();
    await enableGeneratedTool(hub.ctx(), { id, hash, hosts: ['api.example.com'] });
    expect(await loadRunnable(db, id, hash)).toMatchObject({
      main: 'main.py',
      language: 'python',
      hosts: ['api.example.com'],
      enabledBy: hub.admin.id,
    });
    const changed = await changeGeneratedTool(hub.ctx(), { id, readme: 'other' });
    expect(changed).toMatchObject({ state: 'disabled', changes: { files: [], readme: true, dependencies: false } });
    expect(await loadRunnable(db, id, changed.hash)).toBeNull();
    expect(hub.runtime.specs.find((each) => each.id === id)).toMatchObject({
      desired: 'disabled',
      launch: { reviewed: null },
    });
    // What lies in the database is hashed again.
    const other = { files: [], readme: '', dependencies: '', hash, hosts: [] };
    await db.update(tables.generatedTools).set({ reviewed: other }).where(eq(tables.generatedTools.serverId, id));
    expect(await loadRunnable(db, id, hash)).toBeNull();
  });

  it('stays as it is where nothing is changed', async () => {
    const { id, hash } = await register('weather');
    await enableGeneratedTool(hub.ctx(), { id, hash });
    const same = await changeGeneratedTool(hub.ctx(), { id, files: { 'main.py': 'def main():...' } });
    expect(same).toMatchObject({ state: 'enabled', hash });
  });
});

describe('the list', () => {
  it('shows in the order of their making what the actor sees, with hosts and without files', async () => {
    expect(await listGeneratedTools(hub.ctx(), {})).toEqual([]);
    const { hash } = await register('first');
    await register('second', {}, user);
    await enableGeneratedTool(hub.ctx(), { id: 'first', hash, hosts: ['api.example.com'] });
    const all = await listGeneratedTools(hub.ctx(), {});
    expect(all.map(({ id, state, hosts }) => [id, state, hosts])).toEqual([
      ['first', 'enabled', ['api.example.com']],
      ['second', 'disabled', []],
    ]);
    expect((await listGeneratedTools(hub.ctx(user), {})).map(({ id }) => id)).toEqual(['second']);
    expect(JSON.stringify(all)).not.toContain('def main');
  });
});

describe('a server of a generated tool', () => {
  it('is started by nobody before it is reviewed, nor after that was taken back', async () => {
    const { id, hash } = await register('weather');
    const ways = [
      () => startServer(hub.ctx(), { id }),
      () => updateServer(hub.ctx(), { id, patch: { desired: 'on' } }),
      () => updateServer(hub.ctx(), { id, patch: { desired: 'stopped' } }),
    ];
    for (const way of ways) await expect(way()).rejects.toEqual(refused('precondition', /reviewed/));
    await enableGeneratedTool(hub.ctx(), { id, hash });
    await updateServer(hub.ctx(), { id, patch: { desired: 'disabled' } });
    await updateServer(hub.ctx(), { id, patch: { desired: 'on' } });
    await disableGeneratedTool(hub.ctx(), { id });
    for (const way of ways) await expect(way()).rejects.toEqual(refused('precondition', /reviewed/));
  });

  it('is made in no other way, and becomes nothing else', async () => {
    const { id } = await register('weather');
    await expect(createServer(hub.ctx(), { id: 'made', kind: 'generated' })).rejects.toEqual(refused('invalid'));
    await createServer(hub.ctx(), makeDraft({ id: 'program' }));
    await expect(updateServer(hub.ctx(), { id: 'program', patch: { kind: 'generated' } })).rejects.toEqual(
      refused('invalid', /no other server becomes one/),
    );
    await expect(updateServer(hub.ctx(), { id, patch: { kind: 'stdio', command: 'node' } })).rejects.toEqual(
      refused('invalid'),
    );
    await expect(updateServer(hub.ctx(), { id, patch: { command: 'node' } })).rejects.toEqual(refused('invalid'));
    await expect(toContainer(hub.ctx(), { id, image: 'node:24' })).rejects.toEqual(refused('invalid'));
    expect(await updateServer(hub.ctx(), { id, patch: { description: 'other', name: 'Other' } })).toMatchObject({
      name: 'Other',
    });
  });

  it('changes its account, as that of a program', async () => {
    const { id } = await register('weather');
    for (const account of ['shared', 'own'] as const) {
      expect(await updateServer(hub.ctx(), { id, patch: { account } })).toMatchObject({ account });
    }
    await expect(updateServer(hub.ctx(), { id, patch: { url: 'https://example.com' } })).rejects.toEqual(
      refused('invalid'),
    );
  });

  it('stands in no config, and takes its files along', async () => {
    const { id } = await register('weather');
    await createServer(hub.ctx(), makeDraft({ id: 'program' }));
    expect(Object.keys((await exportConfig(hub.ctx(), {})).mcpServers)).toEqual(['program']);
    await removeServer(hub.ctx(), { id });
    await expect(getGeneratedTool(hub.ctx(), { id })).rejects.toEqual(refused('not_found'));
    expect(await hub.testDb.db.$count(tables.generatedTools)).toBe(0);
  });
});
