import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import type { DomainEvent } from '../events.ts';
import { health } from '../monitoring/verbs.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { exportConfig } from './export.ts';
import { revealServer } from './logs.ts';
import { createServer, getServer, listServers, removeServer, updateServer } from './verbs.ts';

let hub: TestCore;
let user: Actor;
let viewer: Actor;
const heard: DomainEvent[] = [];

beforeAll(async () => {
  hub = await makeTestCore();
  user = await hub.addUser('user');
  viewer = await hub.addUser('viewer');
  hub.core.events.subscribe((event) => void heard.push(event));
});
afterAll(() => hub.close());
beforeEach(async () => {
  for (const { id } of (await listServers(hub.ctx(), { limit: 100 })).items) await removeServer(hub.ctx(), { id });
  heard.length = 0;
});

function refused(code: string, message?: RegExp) {
  return expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) });
}
function auditOf(subject: string) {
  return hub.testDb.db.select().from(tables.audit).where(eq(tables.audit.subject, subject)).orderBy(tables.audit.id);
}

describe('createServer', () => {
  it('stores the server, audits it, tells it and hands it to the runtime', async () => {
    const server = await createServer(hub.ctx(), makeDraft({ id: 'made', tags: ['a', 'a'] }));
    expect(server).toMatchObject({
      id: 'made',
      name: 'made',
      kind: 'stdio',
      isolation: 'user',
      desired: 'on',
      tags: ['a'],
    });
    expect(heard).toEqual([{ type: 'server.created', id: 'made' }]);
    const rows = await auditOf('made');
    expect(rows.at(-1)).toMatchObject({ action: 'server.create', actorType: 'user', userId: hub.admin.id });
    expect(hub.runtime.specs.find((spec) => spec.id === 'made')).toMatchObject({
      launch: { kind: 'stdio', command: 'npx', args: ['-y', 'server-files'] },
    });
  });

  it('answers at once for a server whose start fails, which then shows as error', async () => {
    hub.runtime.failing.set('broken', 'spawn ENOENT');
    await createServer(hub.ctx(), makeDraft({ id: 'broken' }));
    expect((await getServer(hub.ctx(), { id: 'broken' })).status).toMatchObject({
      phase: 'error',
      error: 'spawn ENOENT',
    });
    hub.runtime.failing.delete('broken');
  });

  it('says why it fails only to those who may read its log', async () => {
    const why = 'The program ended with exit code 3: cannot reach ARGSECRET';
    hub.runtime.failing.set('broken', why);
    await createServer(hub.ctx(), makeDraft({ id: 'broken', visibility: 'everyone' }));
    expect((await getServer(hub.ctx(), { id: 'broken' })).status).toMatchObject({ error: why });
    const seen = [await getServer(hub.ctx(user), { id: 'broken' }), ...(await listServers(hub.ctx(user), {})).items];
    expect(seen).toHaveLength(2);
    for (const { status } of seen)
      expect(status).toMatchObject({ phase: 'error', error: expect.stringMatching(/log/) });
    expect(JSON.stringify([seen, await health(hub.ctx(user), {})])).not.toContain('ARGSECRET');
    expect((await health(hub.ctx(user), {})).details['broken']).toMatchObject({ healthy: false });
    hub.runtime.failing.delete('broken');
  });

  it('makes the id from a free name, or a random one where nothing of it fits a URL', async () => {
    const { id: _id, ...draft } = makeDraft({ name: 'My Files: v2!' });
    expect((await createServer(hub.ctx(), draft)).id).toBe('My-Files-v2');
    const chinese = await createServer(hub.ctx(), { ...draft, name: '新服务器' });
    expect(chinese.id).toMatch(/^server-[a-z2-7]{6}$/);
    expect(chinese.name).toBe('新服务器');
  });

  it('refuses a taken name whatever its case, and says by whom', async () => {
    await createServer(hub.ctx(), makeDraft());
    const again = createServer(hub.ctx(), makeDraft({ id: 'FILES' }));
    await expect(again).rejects.toMatchObject({ code: 'conflict', details: { conflictingResourceId: 'files' } });
  });

  it('lets one of two that come at once have the name', async () => {
    const both = await Promise.allSettled([1, 2].map(() => createServer(hub.ctx(), makeDraft({ id: 'race' }))));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
  });

  it.each(['mcp', 'Config', 'API', 'connect'])('refuses the reserved word %s', async (id) => {
    await expect(createServer(hub.ctx(), makeDraft({ id }))).rejects.toEqual(refused('invalid', /reserved/));
  });

  it.each([
    [{ command: '' }, 'command'],
    [{ command: '  ' }, 'command'],
    [{ command: 'a\nb' }, 'command'],
    [{ command: 'a\0b' }, 'command'],
    [{ args: ['a\0'] }, 'args.0'],
    [{ args: Array.from({ length: 300 }, () => 'x') }, 'args'],
    [{ env: { 'A B': 'x' } }, 'env.A B'],
    [{ env: { A: 'x'.repeat(70_000) } }, 'env.A'],
    [{ env: { A: '***' } }, 'env.A'],
    [{ id: 'a__b' }, 'id'],
    [{ url: 'https://example.com' }, 'url'],
  ])('refuses %j and names the field', async (wrong, field) => {
    const attempt = createServer(hub.ctx(), makeDraft(wrong));
    await expect(attempt).rejects.toMatchObject({ code: 'invalid', details: { field, errors: expect.any(Array) } });
    expect((await listServers(hub.ctx(), {})).total).toBe(0);
  });

  it.each(['example.com/mcp', 'ftp://example.com', 'file:///etc/passwd', 'http://'])(
    'refuses the URL %s',
    async (url) => {
      await expect(createServer(hub.ctx(), makeRemoteDraft({ url }))).rejects.toEqual(refused('invalid', /http/));
    },
  );

  it('lets users register remote servers only, and viewers none', async () => {
    const remote = await createServer(hub.ctx(user), makeRemoteDraft());
    expect(remote.can).toMatchObject({ configure: true, use: true });
    const spec = hub.runtime.specs.find(({ id }) => id === 'remote');
    expect(spec?.launch).toMatchObject({ allowPrivate: false });
    await expect(createServer(hub.ctx(user), makeDraft())).rejects.toEqual(refused('forbidden', /admins/));
    await expect(createServer(hub.ctx(viewer), makeRemoteDraft({ id: 'x' }))).rejects.toEqual(refused('forbidden'));
    await expect(createServer(hub.ctx({ type: 'anonymous' }), makeRemoteDraft())).rejects.toEqual(
      refused('unauthenticated'),
    );
    expect(await auditOf('x')).toEqual([]);
  });
});

describe('secrets', () => {
  const secret = 'sk-very-secret-value';

  it('are in no column of the database and masked in every answer', async () => {
    const made = await createServer(hub.ctx(), makeDraft({ env: { API_KEY: secret } }));
    expect(made.env).toEqual({ API_KEY: '***' });
    await createServer(hub.ctx(), makeRemoteDraft({ headers: { Authorization: `Bearer ${secret}` } }));
    for (const name of ['servers', 'audit', 'call_records', 'catalogs', 'settings']) {
      const rows = await hub.testDb.connection.sql`select * from ${hub.testDb.connection.sql(name)}`;
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
    const [row] = await hub.testDb.db.select().from(tables.servers).where(eq(tables.servers.id, 'files'));
    expect(row?.env).toMatch(/^v1\./);
    expect(hub.runtime.specs.find(({ id }) => id === 'files')?.launch).toMatchObject({ env: { API_KEY: secret } });
  });

  it('stay where *** is written back, and go where they are left out', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { A: 'one', B: 'two' } }));
    await updateServer(hub.ctx(), { id: 'files', patch: { env: { A: '***', C: 'three' } } });
    expect(hub.runtime.specs[0]?.launch).toMatchObject({ env: { A: 'one', C: 'three' } });
  });

  it('are what a name or a value says; other variables are shown to who may see the configuration', async () => {
    const env = { LOG_LEVEL: 'INFO', API_KEY: 'k', DB: 'postgres://a:b@h/db', MORE: 'x', REF: '${API_KEY}' };
    const seen = { LOG_LEVEL: 'INFO', API_KEY: '***', DB: '***', MORE: 'x', REF: '${API_KEY}' };
    expect((await createServer(hub.ctx(), makeDraft({ env }))).env).toEqual(seen);
    expect((await listServers(hub.ctx(), {})).items[0]?.env).toEqual(seen);
    const patch = { env: { ...seen, MORE: '***', LOG_LEVEL: 'DEBUG' } };
    expect((await updateServer(hub.ctx(), { id: 'files', patch })).env).toEqual({ ...seen, LOG_LEVEL: 'DEBUG' });
    expect(hub.runtime.specs[0]?.launch).toMatchObject({ env: { ...env, LOG_LEVEL: 'DEBUG', REF: 'k' } });
    const exported = (await exportConfig(hub.ctx(), {})).mcpServers['files'];
    expect(exported).toMatchObject({ env: { LOG_LEVEL: 'DEBUG', API_KEY: '${API_KEY}', DB: '${DB}', MORE: 'x' } });
  });

  it('stay masked where they were stored before any was shown, until each is given again', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { MODE: 'dev', LEVEL: 'low' } }));
    const bare = hub
      .ctx()
      .secrets.seal(
        { table: 'servers', row: 'files', column: 'env' },
        JSON.stringify({ MODE: 'dev', LEVEL: 'low', values: 'v' }),
      );
    await hub.testDb.db.update(tables.servers).set({ env: bare });
    const masked = { MODE: '***', LEVEL: '***', values: '***' };
    expect((await getServer(hub.ctx(), { id: 'files' })).env).toEqual(masked);
    await updateServer(hub.ctx(), { id: 'files', patch: { env: masked } });
    expect((await getServer(hub.ctx(), { id: 'files' })).env).toEqual(masked);
    const again = await updateServer(hub.ctx(), { id: 'files', patch: { env: { ...masked, MODE: 'dev' } } });
    expect(again.env).toEqual({ ...masked, MODE: 'dev' });
    expect(hub.runtime.specs[0]?.launch).toMatchObject({ env: { MODE: 'dev', LEVEL: 'low', values: 'v' } });
  });

  it('are told all at once to who may reveal them, and it is written down', async () => {
    const env = { LOG_LEVEL: 'INFO', API_KEY: secret };
    await createServer(hub.ctx(), makeDraft({ env, visibility: 'everyone' }));
    expect((await revealServer(hub.ctx(), { id: 'files' })).env).toEqual(env);
    expect((await auditOf('files')).at(-1)).toMatchObject({ action: 'secret.reveal', details: { fields: ['env'] } });
    await expect(revealServer(hub.ctx(user), { id: 'files' })).rejects.toMatchObject({ code: 'forbidden' });
    expect((await getServer(hub.ctx(user), { id: 'files' })).env).toEqual({});
  });

  it('reads ${NAME} from the server’s own entries and the names passed through only', async () => {
    process.env['SB_TEST_HOST'] = 'from the hub';
    const draft = makeDraft({ args: ['${TOKEN}', '${SB_TEST_HOST}', '${PATH:-none}'], env: { TOKEN: 'mine' } });
    const server = await createServer(hub.ctx(), draft);
    expect(hub.runtime.specs[0]?.launch).toMatchObject({ args: ['mine', '', 'none'] });
    expect(server.missing).toEqual(['SB_TEST_HOST']);
    delete process.env['SB_TEST_HOST'];
  });
});

describe('updateServer', () => {
  it('keeps what is not given, and restarts for what the launch needs only', async () => {
    await createServer(hub.ctx(), makeDraft({ description: 'old', env: { A: '1' } }));
    const before = hub.runtime.specs[0]?.revision;
    const named = await updateServer(hub.ctx(), { id: 'files', patch: { name: 'Files', description: 'new' } });
    expect(named).toMatchObject({ name: 'Files', description: 'new', command: 'npx', env: { A: '1' } });
    expect(hub.runtime.specs[0]?.revision).toBe(before);
    await updateServer(hub.ctx(), { id: 'files', patch: { args: ['other'] } });
    expect(hub.runtime.specs[0]?.revision).not.toBe(before);
  });

  it('does nothing where nothing changes', async () => {
    await createServer(hub.ctx(), makeDraft({ env: { A: '1' } }));
    const before = hub.runtime.specs[0]?.revision;
    await updateServer(hub.ctx(), { id: 'files', patch: { command: 'npx', env: { A: '1' } } });
    expect(hub.runtime.specs[0]?.revision).toBe(before);
    expect(heard).toEqual([{ type: 'server.created', id: 'files' }]);
  });

  it('lets nobody turn a remote server into a process without the right to run one', async () => {
    await createServer(hub.ctx(user), makeRemoteDraft());
    const patch = { kind: 'stdio', command: 'sh' } as const;
    await expect(updateServer(hub.ctx(user), { id: 'remote', patch })).rejects.toEqual(refused('forbidden', /admins/));
    const server = await updateServer(hub.ctx(), { id: 'remote', patch });
    expect(server).toMatchObject({ kind: 'stdio', command: 'sh', url: null });
    await expect(updateServer(hub.ctx(user), { id: 'remote', patch: { args: ['x'] } })).rejects.toEqual(
      refused('forbidden'),
    );
    expect((await updateServer(hub.ctx(user), { id: 'remote', patch: { description: 'mine' } })).description).toBe(
      'mine',
    );
  });

  it('checks the whole of what comes out', async () => {
    await createServer(hub.ctx(), makeDraft());
    const patch = { kind: 'sse' } as const;
    await expect(updateServer(hub.ctx(), { id: 'files', patch })).rejects.toMatchObject({ details: { field: 'url' } });
  });

  it('hides what others own', async () => {
    await createServer(hub.ctx(), makeDraft());
    const attempt = updateServer(hub.ctx(user), { id: 'files', patch: { name: 'x' } });
    await expect(attempt).rejects.toEqual(refused('not_found'));
    await expect(getServer(hub.ctx(user), { id: 'files' })).rejects.toEqual(refused('not_found'));
    await expect(removeServer(hub.ctx(user), { id: 'files' })).rejects.toEqual(refused('not_found'));
    expect(await listServers(hub.ctx(user), {})).toEqual({ items: [], total: 0 });
  });
});

describe('getServer', () => {
  it('finds by id first, then by a name that is the only one', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'one', name: 'Same' }));
    await createServer(hub.ctx(), makeDraft({ id: 'two', name: 'one' }));
    expect((await getServer(hub.ctx(), { id: 'one' })).name).toBe('Same');
    expect((await getServer(hub.ctx(), { id: 'Same' })).id).toBe('one');
  });

  it('says of a name that several have which they are', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'one', name: 'Same' }));
    await createServer(hub.ctx(), makeDraft({ id: 'two', name: 'Other' }));
    await hub.testDb.db.update(tables.servers).set({ name: 'Same' });
    await expect(getServer(hub.ctx(), { id: 'Same' })).rejects.toMatchObject({
      code: 'conflict',
      message: "2 servers are called 'Same' (one, two): give the id of one.",
      details: { field: 'id', ids: ['one', 'two'] },
    });
    expect((await getServer(hub.ctx(), { id: 'two' })).name).toBe('Same');
    // What was there before may change in everything else.
    expect(await updateServer(hub.ctx(), { id: 'two', patch: { name: 'Same', tags: ['x'] } })).toMatchObject({
      tags: ['x'],
    });
    await expect(getServer(hub.ctx(user), { id: 'Same' })).rejects.toEqual(refused('not_found'));
  });

  it('names the owner to who may configure it, and to nobody who only sees it', async () => {
    const owner = await hub.addUser('admin', 'olga');
    await createServer(hub.ctx(owner), makeRemoteDraft({ visibility: 'everyone' }));
    const another = await hub.addUser('admin');
    expect(await getServer(hub.ctx(another), { id: 'remote' })).toMatchObject({
      createdBy: owner.id,
      ownerName: 'olga',
    });
    const seen = await getServer(hub.ctx(user), { id: 'remote' });
    expect(seen).toMatchObject({ can: { configure: false }, ownerName: null });
    expect((await listServers(hub.ctx(user), {})).items).toEqual([seen]);
    await createServer(hub.ctx({ type: 'local' }), makeDraft());
    expect((await getServer(hub.ctx(owner), { id: 'files' })).ownerName).toBeNull();
  });
});

describe('removeServer', () => {
  it('stops it, frees its name, and leaves the runtime nothing', async () => {
    await createServer(hub.ctx(), makeDraft());
    hub.runtime.asked.length = 0;
    await removeServer(hub.ctx(), { id: 'files' });
    expect(hub.runtime.asked).toEqual(['stop files 3000']);
    expect(hub.runtime.specs).toEqual([]);
    expect((await auditOf('files')).at(-1)).toMatchObject({ action: 'server.remove' });
    await createServer(hub.ctx(), makeDraft());
  });
});

describe('listServers', () => {
  beforeEach(async () => {
    for (const [id, tags, description] of [
      ['alpha', ['x'], 'Python tools'],
      ['beta', ['y'], ''],
      ['gamma', ['x', 'y'], ''],
    ] as const) {
      await createServer(hub.ctx(), makeDraft({ id, tags: [...tags], description }));
      hub.clock.advance(1_000);
    }
    await createServer(hub.ctx(), makeDraft({ id: 'delta', desired: 'disabled' }));
  });

  async function ids(input: Parameters<typeof listServers>[1]) {
    return (await listServers(hub.ctx(), input)).items.map(({ id }) => id);
  }

  it('gives the newest first, and ascending order where a sort is named', async () => {
    expect(await ids({})).toEqual(['delta', 'gamma', 'beta', 'alpha']);
    expect(await ids({ sort: 'name' })).toEqual(['alpha', 'beta', 'delta', 'gamma']);
    expect(await ids({ sort: 'name', order: 'desc' })).toEqual(['gamma', 'delta', 'beta', 'alpha']);
  });

  it('pages without loss and tells the total', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => listServers(hub.ctx(), { page, limit: 2, sort: 'id' })));
    expect(pages.map(({ items }) => items.map(({ id }) => id))).toEqual([['alpha', 'beta'], ['delta', 'gamma'], []]);
    expect(pages.map(({ total }) => total)).toEqual([4, 4, 4]);
  });

  it('filters by text, status, tag, switch and time', async () => {
    expect(await ids({ search: 'PYTHON' })).toEqual(['alpha']);
    expect(await ids({ status: ['stopped'] })).toEqual(['delta']);
    expect(await ids({ status: ['running'], tags: ['y'], sort: 'id' })).toEqual(['beta', 'gamma']);
    expect(await ids({ enabled: false })).toEqual(['delta']);
    const { createdAt } = await getServer(hub.ctx(), { id: 'beta' });
    expect(await ids({ createdAfter: createdAt, sort: 'createdAt' })).toEqual(['beta', 'gamma', 'delta']);
    expect(await ids({ createdBefore: createdAt })).toEqual(['alpha']);
  });
});
