import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { login } from '../access/verbs.ts';
import type { Actor } from '../actor.ts';
import { listCalls } from '../calls/queries.ts';
import { callTool } from '../calls/verbs.ts';
import type { Ctx } from '../context.ts';
import { createGroup } from '../groups/verbs.ts';
import { createKey } from '../keys/verbs.ts';
import { giveServer } from '../servers/give.ts';
import { createServer, updateServer } from '../servers/verbs.ts';
import { makeRecord, makeRemoteDraft, makeTestCore, testPassword, type TestCore } from '../testing.ts';
import { removeUser } from '../users/verbs.ts';
import { pruneHistory, readRetention } from './retention.ts';
import type { AuditEntry } from './schema.ts';
import { exportAudit, getAudit, getRetention, listAudit, setRetention } from './verbs.ts';
import { appendAudit } from './write.ts';

let hub: TestCore;
let user: Extract<Actor, { type: 'user' }>;
beforeAll(async () => {
  hub = await makeTestCore();
  user = await hub.addUser('user', 'anna');
});
afterAll(() => hub.close());

function from(actor: Actor, more: object = {}): Ctx {
  return hub.core.ctxFor(actor, { requestId: 'req-1', address: '192.0.2.9', client: 'browser/1', ...more });
}
async function list(input: Parameters<typeof listAudit>[1] = {}, ctx = hub.ctx()): Promise<AuditEntry[]> {
  return (await listAudit(ctx, input)).items;
}
const day = 86_400_000;

describe('the trail', () => {
  it('says of a change who, what, from where and how long', async () => {
    await createGroup(from(hub.admin), { name: 'trailed' });
    const [entry] = await list({ action: ['group.create'], target: 'trailed' });
    expect(entry).toMatchObject({
      kind: 'change',
      action: 'group.create',
      actorType: 'user',
      userId: hub.admin.id,
      userName: 'admin',
      keyId: null,
      client: 'browser/1',
      target: 'trailed',
      outcome: 'ok',
      address: '192.0.2.9',
      requestId: 'req-1',
    });
    expect(entry?.durationMs).toBeGreaterThan(0);
  });

  it('says which way a change came in', async () => {
    await createGroup(from(hub.admin, { way: 'rest' }), { name: 'by-rest' });
    expect(await list({ target: 'by-rest' })).toMatchObject([{ way: 'rest' }]);
  });

  it('keeps the names of people and keys that are gone, and finds their calls by them', async () => {
    const leaver = await hub.addUser('user', 'leaver');
    const { id: keyId } = await createKey(hub.ctx(leaver), { name: 'robot' });
    const records = [`user:${leaver.id}:s`, `key:${leaver.id}:${keyId}`].map((credential, index) =>
      makeRecord({ id: `left-${index}`, credential, serverId: 'left' }),
    );
    for (const record of records) hub.runtime.tell({ type: 'call', record });
    const calls = { target: 'left' };
    expect(await list({ ...calls, user: 'leaver' })).toMatchObject([{ userName: 'leaver' }, { userName: 'leaver' }]);
    await removeUser(hub.ctx(), { id: leaver.id });
    const found = await list({ ...calls, user: 'LEAVER' });
    expect(found.map(({ userName, keyName }) => [userName, keyName])).toEqual(
      expect.arrayContaining([
        ['leaver', null],
        ['leaver', 'robot'],
      ]),
    );
    expect(await list({ action: ['user.remove', 'key.create'], limit: 2 })).toMatchObject([
      { action: 'user.remove', targetName: 'leaver' },
      { action: 'key.create', targetName: 'robot' },
    ]);
    expect(await list({ ...calls, search: 'leave' })).toHaveLength(2);
    expect(await list({ ...calls, user: leaver.id })).toHaveLength(2);
    expect(await list({ ...calls, user: 'nobody-at-all' })).toEqual([]);
  });

  it('names what has an id that nobody chose by what the entry told of it', async () => {
    await appendAudit(from(hub.admin), 'stack.operate', [
      { id: 'b2e7c0', details: { project: 'shop', does: 'scale', service: 'web', replicas: 2 } },
    ]);
    await appendAudit(from(hub.admin), 'container.operate', [
      { id: 'f00dface', details: { name: 'web-1', does: 'stop' } },
    ]);
    await appendAudit(from(hub.admin), 'image.pull', [{ id: 'postgres:17', details: { as: 'robot' } }]);
    expect(await list({ action: ['stack.operate'] })).toMatchObject([{ target: 'b2e7c0', targetName: 'shop' }]);
    expect(await list({ action: ['container.operate'] })).toMatchObject([{ targetName: 'web-1' }]);
    expect(await list({ action: ['image.pull'] })).toMatchObject([{ target: 'postgres:17', targetName: null }]);
  });

  it('names the object of a change that changed nothing', async () => {
    await createServer(from(hub.admin), makeRemoteDraft({ id: 'unchanged' }));
    await updateServer(from(hub.admin), { id: 'unchanged', patch: {} });
    await giveServer(from(hub.admin), { id: 'unchanged', owner: hub.admin.id });
    const rows = await list({ action: ['server.configure', 'server.give'], limit: 2 });
    expect(rows.map(({ target }) => target)).toEqual(['unchanged', 'unchanged']);
  });

  it('gives one entry to who may see it; to others it does not exist', async () => {
    await createKey(hub.ctx(user), { name: 'mine' });
    await createGroup(from(hub.admin), { name: 'not-yours' });
    const [own] = await list({ action: ['key.create'] }, hub.ctx(user));
    const [foreign] = await list({ target: 'not-yours' });
    expect(await getAudit(hub.ctx(user), { id: own?.id ?? '' })).toEqual(own);
    expect(await getAudit(hub.ctx(), { id: foreign?.id ?? '' })).toEqual(foreign);
    await expect(getAudit(hub.ctx(user), { id: foreign?.id ?? '' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(getAudit(hub.ctx(), { id: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives one call', async () => {
    hub.runtime.tell({ type: 'call', record: makeRecord({ serverId: 'one-call', credential: `user:${user.id}` }) });
    const [call] = await list({ target: 'one-call' });
    expect(await getAudit(hub.ctx(), { id: call?.id ?? '' })).toEqual(call);
  });

  it('says of a call which key or user, which server and tool, and how it went', async () => {
    const { id } = await createKey(hub.ctx(user), { name: 'k' });
    hub.runtime.tell({
      type: 'call',
      record: makeRecord({
        serverId: 'files',
        name: 'read',
        outcome: 'error',
        errorMessage: 'no such file',
        credential: `key:${user.id}:${id}`,
        clientName: 'agent',
        address: '192.0.2.10',
        durationMs: 12.5,
      }),
    });
    expect(await list({ kind: 'call', key: id })).toMatchObject([
      {
        action: 'tools/call',
        actorType: 'key',
        userId: user.id,
        userName: 'anna',
        keyId: id,
        client: 'agent',
        target: 'files',
        name: 'read',
        outcome: 'error',
        error: 'no such file',
        durationMs: 12.5,
        address: '192.0.2.10',
        details: { endpoint: 'all', via: 'mcp' },
      },
    ]);
  });

  it('keeps failed sign-ins, and not what was typed as the name', async () => {
    const anonymous = from({ type: 'anonymous' }, { address: '203.0.113.5' });
    await expect(login(anonymous, { username: 'my-password-by-mistake', password: 'x' })).rejects.toThrow();
    await expect(login(anonymous, { username: 'anna', password: 'wrong' })).rejects.toThrow();
    const refused = await list({ outcome: ['refused'] });
    expect(refused.map(({ userName, address }) => [userName, address])).toEqual([
      ['anna', '203.0.113.5'],
      [null, '203.0.113.5'],
    ]);
    expect(JSON.stringify(refused)).not.toContain('my-password-by-mistake');
  });

  it('is one’s own for who is no admin', async () => {
    await createKey(hub.ctx(user), { name: 'mine' });
    const seen = await list({}, hub.ctx(user));
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen.map(({ userId }) => userId))).toEqual(new Set([user.id]));
    expect(await list({ user: 'admin' }, hub.ctx(user))).toEqual([]);
    const { chunks } = await exportAudit(hub.ctx(user), {});
    for await (const chunk of chunks) {
      for (const line of chunk.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ userId: user.id });
    }
    await expect(listAudit(hub.ctx({ type: 'anonymous' }), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('is found by text, time, family and outcome', async () => {
    const since = new Date(hub.clock.now() + day);
    hub.clock.advance(day);
    await createServer(from(user, { address: '198.51.100.77' }), makeRemoteDraft({ id: 'findable' }));
    hub.clock.advance(1);
    expect(await list({ search: '100.77' })).toMatchObject([{ action: 'server.create', target: 'findable' }]);
    expect(await list({ action: ['server.*'], since })).toHaveLength(1);
    expect(await list({ action: ['serve'], since })).toEqual([]);
    expect(await list({ since, until: since })).toEqual([]);
    expect(await list({ user: 'ANNA', since })).toHaveLength(1);
    expect(await list({ user: 'nobody' })).toEqual([]);
    expect(await list({ search: "%'; drop table audit; --" })).toEqual([]);
    hub.clock.advance(-day - 1);
  });

  it('is paged without a gap or a double, moments with many entries included', async () => {
    await using quiet = await makeTestCore();
    for (let count = 0; count < 7; count += 1) {
      await createKey(quiet.ctx(), { name: `k${count}` });
      quiet.runtime.tell({ type: 'call', record: makeRecord({ startedAt: quiet.clock.now() }) });
      if (count % 3 === 2) quiet.clock.advance(1_000);
    }
    const whole = (await listAudit(quiet.ctx(), { limit: 500 })).items;
    expect(whole).toHaveLength(14);
    for (const limit of [1, 2, 3, 5]) {
      const paged: AuditEntry[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await listAudit(quiet.ctx(), { limit, ...(cursor && { cursor }) });
        paged.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(whole);
    }
    await expect(listAudit(quiet.ctx(), { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('arguments and results', () => {
  it('are kept only where the server says so, without its secrets, and cut', async () => {
    const headers = { authorization: 'planted-header-value' };
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'kept', headers }));
    hub.runtime.setCatalog('kept', ['t']);
    function selected() {
      return hub.core.deps.hub.selectServer({ key: `user:${hub.admin.id}:x` }, 'kept')?.servers[0];
    }
    expect(selected()?.record).toBe('errors');
    await updateServer(hub.ctx(), { id: 'kept', patch: { recording: 'none' } });
    expect(selected()?.record).toBeUndefined();
    await updateServer(hub.ctx(), { id: 'kept', patch: { recording: 'all' } });
    expect(selected()?.record).toBe('all');
    const secretJwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLW9mLWl0';
    const args = {
      path: '/tmp',
      password: 'planted-password',
      nested: { text: 'uses planted-header-value here', api_key: 'planted-key' },
      bearer: `Bearer ${secretJwt}`,
      'with planted-header-value': 1,
      nul: 'a\0b',
    };
    const echo = { type: 'text', text: `You said planted-password and ${JSON.stringify(args)}` };
    const result = { content: [echo, { type: 'text', text: 'x'.repeat(100_000) }] };
    const record = makeRecord({ id: 'call-kept', serverId: 'kept', arguments: args, result, given: args });
    hub.runtime.tell({ type: 'call', record });
    const [entry] = await list({ kind: 'call', target: 'kept' });
    expect(entry?.details).toMatchObject({
      arguments: { path: '/tmp', password: '***', nested: { text: 'uses *** here', api_key: '***' }, nul: 'ab' },
    });
    const stored = JSON.stringify(await hub.testDb.db.select().from(tables.callRecords));
    expect(stored).not.toMatch(/planted|eyJhbGci/);
    expect(stored.length).toBeLessThan(60_000);
    expect(JSON.stringify(await list({ kind: 'call' }))).not.toMatch(/planted/);
    const { items } = await listCalls(hub.ctx(), {});
    expect(items.some((call) => call.arguments !== undefined)).toBe(false);
  });

  it('of a refused or ordinary call leave no trace', async () => {
    await callTool(hub.ctx(), { serverId: 'kept', tool: 't', arguments: { plain: 'visible-nowhere' } });
    expect(JSON.stringify(await list({}))).not.toContain('visible-nowhere');
  });
});

describe('export', () => {
  async function read(input: Parameters<typeof exportAudit>[1], ctx = hub.ctx()): Promise<string> {
    const { chunks } = await exportAudit(ctx, input);
    let text = '';
    for await (const chunk of chunks) text += chunk;
    return text;
  }

  it('gives JSON lines of everything that fits, and is written down itself', async () => {
    const lines = (await read({ action: ['key.*'] })).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as AuditEntry);
    expect(entries.length).toBeGreaterThan(1);
    expect(entries.every(({ action }) => action === 'key.create')).toBe(true);
    expect(await list({ action: ['audit.export'] })).toMatchObject([{ details: { format: 'jsonl' } }, {}]);
  });

  it('gives CSV that a spreadsheet takes for text', async () => {
    const nasty = '=HYPERLINK("http://x","y"),\n2';
    hub.runtime.tell({ type: 'call', record: makeRecord({ serverId: 'csv', name: nasty, clientName: '@SUM(1)' }) });
    const csv = await read({ format: 'csv', target: 'csv' });
    const [header, ...rest] = csv.split('\r\n');
    expect(header).toMatch(/^at,kind,action,outcome,userId,/);
    const row = rest.join('\r\n');
    expect(row).toContain(`"'=HYPERLINK(""http://x"",""y""),\n2"`);
    expect(row).toContain(",'@SUM(1),");
  });

  it('reads chunk by chunk, and stops where nobody reads on', async () => {
    await using big = await makeTestCore();
    for (let count = 0; count < 10_203; count += 1) big.runtime.tell({ type: 'call', record: makeRecord({}) });
    const { chunks, contentType, fileName } = await exportAudit(big.ctx(), { kind: 'call' });
    expect(contentType).toContain('ndjson');
    expect(fileName).toMatch(/^switchboard-audit-\d{4}-\d\d-\d\d\.jsonl$/);
    const sizes: number[] = [];
    for await (const chunk of chunks) sizes.push(chunk.trim().split('\n').length);
    expect(sizes).toEqual([5_000, 5_000, 203]);
    const aborted = new AbortController();
    const half = await exportAudit(big.core.ctxFor(big.admin, { signal: aborted.signal }), { kind: 'call' });
    let pages = 0;
    for await (const _chunk of half.chunks) {
      pages += 1;
      aborted.abort();
    }
    expect(pages).toBe(1);
  });
});

describe('history in the database', () => {
  const refusal = /history is only appended to/;
  function run(statement: string) {
    return hub.testDb.connection.sql.unsafe(statement).then(
      () => 'done',
      (error: Error) => error.message,
    );
  }

  it.each(['audit', 'call_records'])('%s refuses to be changed, removed or emptied', async (table) => {
    const column = table === 'audit' ? 'action' : 'method';
    expect(await run(`update ${table} set ${column} = 'x'`)).toMatch(refusal);
    expect(await run(`delete from ${table}`)).toMatch(refusal);
    expect(await run(`truncate ${table}`)).toMatch(refusal);
    const trick = hub.testDb.connection.sql.begin(async (tx) => {
      await tx`set local "switchboard.retention" = 'running'`;
      await tx.unsafe(`delete from ${table}`);
    });
    await expect(trick).rejects.toThrow(refusal);
  });

  it('loses what is older than it is kept, through one function alone', async () => {
    await using quiet = await makeTestCore();
    const old = quiet.clock.now() - 100 * day;
    quiet.runtime.tell({ type: 'call', record: makeRecord({ id: 'old', startedAt: old }) });
    quiet.runtime.tell({ type: 'call', record: makeRecord({ id: 'new', startedAt: quiet.clock.now() }) });
    quiet.clock.advance(-100 * day);
    await createKey(quiet.ctx(), { name: 'long ago' });
    quiet.clock.advance(100 * day);
    async function count() {
      return (await listAudit(quiet.ctx(), {})).items.length;
    }
    expect(await count()).toBe(3);
    await pruneHistory(quiet.testDb.db, quiet.clock.now());
    expect((await listAudit(quiet.ctx(), {})).items.map(({ id, action }) => [id === 'new', action])).toEqual([
      [true, 'tools/call'],
      [false, 'key.create'],
    ]);
    await setRetention(quiet.ctx(), { auditDays: 50 });
    await pruneHistory(quiet.testDb.db, quiet.clock.now());
    expect((await listAudit(quiet.ctx(), { kind: 'change' })).items).toMatchObject([{ action: 'audit.configure' }]);
    const [security] = await quiet.testDb.db.execute(
      sql`select prosecdef from pg_proc where proname = 'prune_history'`,
    );
    expect(security).toEqual({ prosecdef: true });
  });

  it('is kept for as long as admins say', async () => {
    expect(await getRetention(hub.ctx(user), {})).toEqual({ callsDays: 30, auditDays: 365 });
    await expect(setRetention(hub.ctx(user), { callsDays: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    await setRetention(hub.ctx(), { callsDays: 7 });
    expect(await readRetention(hub.testDb.db)).toEqual({ callsDays: 7, auditDays: 365 });
  });
});

describe('passwords and tokens', () => {
  it('are nowhere in the trail', async () => {
    const { token, refreshToken, session } = await login(from({ type: 'anonymous' }), {
      username: 'anna',
      password: testPassword,
    });
    const trail = JSON.stringify(await list({ limit: 500 }));
    for (const secret of [token, refreshToken, session.id, testPassword]) expect(trail).not.toContain(secret);
  });
});
