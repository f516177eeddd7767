import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setGroupItem } from '../groups/items.ts';
import { addMember } from '../groups/members.ts';
import { addServerToGroup } from '../groups/servers.ts';
import { createGroup } from '../groups/verbs.ts';
import { setItem } from '../servers/items.ts';
import { stopServer } from '../servers/lifecycle.ts';
import { createServer } from '../servers/verbs.ts';
import { makeDraft, makeRecord, makeRemoteDraft, makeTestCore, silentLog, type TestCore } from '../testing.ts';
import { getCall, listCalls } from './queries.ts';
import { createCallRecorder } from './records.ts';
import { callAnyTool, callTool } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
  for (const id of ['files', 'web', 'halted']) await createServer(hub.ctx(), makeDraft({ id }));
  hub.runtime.setCatalog('files', ['read', 'shared', 'off']);
  hub.runtime.setCatalog('web', ['fetch', 'shared', 'odd/name']);
  hub.runtime.setCatalog('halted', ['read', 'only']);
  await stopServer(hub.ctx(), { id: 'halted' });
  await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'off', enabled: false });
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.runtime.calls.length = 0;
});

class RpcError extends Error {
  override name = 'RpcError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

describe('callTool', () => {
  it('calls through the runtime with the actor’s credential and view', async () => {
    const outcome = await callTool(hub.ctx(), { serverId: 'files', tool: 'read', arguments: { path: '/x' } });
    expect(outcome).toMatchObject({
      serverId: 'files',
      tool: 'read',
      result: { content: [{ text: '{"path":"/x"}' }] },
    });
    expect(hub.runtime.calls).toMatchObject([
      {
        credential: { key: `user:${hub.admin.id}:${hub.admin.sessionId.slice(0, 16)}` },
        selection: { endpoint: 'files', prefixed: false },
        method: 'tools/call',
        params: { name: 'read', arguments: { path: '/x' } },
        via: 'rest',
      },
    ]);
  });

  it('gives a tool’s own error as a result', async () => {
    const answer = hub.runtime.answer;
    hub.runtime.answer = () => Promise.resolve({ content: [], isError: true });
    expect(await callTool(hub.ctx(), { serverId: 'files', tool: 'read' })).toMatchObject({ result: { isError: true } });
    hub.runtime.answer = answer;
  });

  it.each([
    [{ serverId: 'nope', tool: 'read' }, 'not_found', /nope/],
    [{ serverId: 'files', tool: 'nope' }, 'not_found', /It has: read, shared/],
    [{ serverId: 'files', tool: 'off' }, 'precondition', /switched off/],
    [{ serverId: 'halted', tool: 'read' }, 'precondition', /stopped; start it/],
  ])('refuses %j', async (input, code, message) => {
    const attempt = callTool(hub.ctx(), input);
    await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(hub.runtime.calls).toEqual([]);
  });

  it('names to a caller only the tools that are left for it, and hides the others', async () => {
    const user = await hub.addUser('user');
    const group = await createGroup(hub.ctx(), { name: 'narrow' });
    await addMember(hub.ctx(), { groupId: group.id, userId: user.id });
    await addServerToGroup(hub.ctx(), { groupId: group.id, serverId: 'files', permissions: ['read', 'execute'] });
    await setGroupItem(hub.ctx(), {
      groupId: group.id,
      serverId: 'files',
      type: 'tool',
      name: 'shared',
      enabled: false,
    });
    for (const tool of ['nope', 'shared', 'off']) {
      await expect(callTool(hub.ctx(user), { serverId: 'files', tool })).rejects.toMatchObject({
        code: 'not_found',
        message: `Server 'files' has no tool '${tool}'. It has: read.`,
      });
    }
  });

  it.each([
    [-32602, 'bad arguments', 'invalid'],
    [-32000, 'The server is away', 'unavailable'],
    [-32000, 'The call timed out after 120 s', 'timeout'],
  ])('translates %d %s', async (code, message, expected) => {
    const answer = hub.runtime.answer;
    hub.runtime.answer = () => Promise.reject(new RpcError(code, message));
    const attempt = callTool(hub.ctx(), { serverId: 'files', tool: 'read' });
    const told = { message: `Server 'files': ${message}`, details: { rpcCode: code } };
    await expect(attempt).rejects.toMatchObject({ code: expected, ...told });
    hub.runtime.answer = answer;
  });

  it('is absent for who may not use the server', async () => {
    const user = await hub.addUser('user');
    const attempt = callTool(hub.ctx(user), { serverId: 'files', tool: 'read' });
    await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('callAnyTool', () => {
  async function found(toolName: string) {
    const { serverId, tool } = await callAnyTool(hub.ctx(), { toolName });
    return `${serverId} ${tool}`;
  }

  it.each([
    ['fetch', 'web fetch'],
    ['shared', 'files shared'],
    ['web/shared', 'web shared'],
    ['web__shared', 'web shared'],
    ['odd/name', 'web odd/name'],
    ['web/odd/name', 'web odd/name'],
  ])('finds %s', async (name, expected) => expect(await found(name)).toBe(expected));

  it('prefers a server that runs over an earlier one that sleeps', async () => {
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'late' }));
    hub.runtime.setCatalog('late', ['shared']);
    const status = hub.runtime.status.bind(hub.runtime);
    hub.runtime.status = (id) => {
      const real = status(id);
      return real && id !== 'late' ? { ...real, phase: 'stopped', asleep: true } : real;
    };
    expect(await found('shared')).toBe('late shared');
    hub.runtime.status = status;
    hub.runtime.setCatalog('late', []);
  });

  it.each(['nope', 'only', 'off', 'halted/read', 'files/nope', '/read', '__read'])(
    'does not find %s',
    async (toolName) => {
      await expect(callAnyTool(hub.ctx(), { toolName })).rejects.toMatchObject({ code: 'not_found' });
    },
  );
});

describe('call records', () => {
  function tell(more: Parameters<typeof makeRecord>[0]) {
    hub.runtime.tell({ type: 'call', record: makeRecord(more) });
  }

  it('are written behind and read newest first, page by page, without loss at equal times', async () => {
    for (let n = 0; n < 7; n += 1)
      tell({ id: `page-${n}`, startedAt: n < 3 ? 1_000 : 2_000, endpoint: 'paged', name: 'paged' });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listCalls(hub.ctx(), { tool: 'paged', limit: 2, ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `page-${n}`));
  });

  it('filter by outcome, server, time and text', async () => {
    tell({ id: 'f1', serverId: 'files', outcome: 'error', errorMessage: '100% wrong', startedAt: 5_000 });
    tell({ id: 'f2', serverId: 'web', outcome: 'timeout', startedAt: 6_000, clientName: 'cursor' });
    async function ids(input: Parameters<typeof listCalls>[1]) {
      return (await listCalls(hub.ctx(), input)).items.map(({ id }) => id).filter((id) => id.startsWith('f'));
    }
    expect(await ids({ outcome: ['error', 'timeout'] })).toEqual(['f2', 'f1']);
    expect(await ids({ serverId: 'web' })).toEqual(['f2']);
    expect(await ids({ search: '100%' })).toEqual(['f1']);
    expect(await ids({ search: 'CURSOR' })).toEqual(['f2']);
    expect(await ids({ since: new Date(5_500), until: new Date(7_000) })).toEqual(['f2']);
    await expect(listCalls(hub.ctx(), { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('belong to their caller', async () => {
    const user = await hub.addUser('user');
    tell({ id: 'mine', credential: `user:${user.id}:s`, startedAt: 9_000 });
    tell({ id: 'by-key', credential: `key:${user.id}:k`, startedAt: 9_001 });
    const { items } = await listCalls(hub.ctx(user), {});
    expect(items.map(({ id }) => id)).toEqual(['by-key', 'mine']);
    expect(await getCall(hub.ctx(user), { id: 'mine' })).toMatchObject({ startedAt: 9_000 });
    await expect(getCall(hub.ctx(user), { id: 'f1' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('take no others with them where a text holds half a surrogate pair', async () => {
    tell({ id: 'half', name: 'x\ud800', errorMessage: '\udc00 y', arguments: { note: '\ud83d', deep: ['\udfff'] } });
    tell({ id: 'whole', name: 'beside' });
    expect(await getCall(hub.ctx(), { id: 'half' })).toMatchObject({
      name: 'x\ufffd',
      errorMessage: '\ufffd y',
      arguments: { note: '\ufffd', deep: ['\ufffd'] },
    });
    expect(await getCall(hub.ctx(), { id: 'whole' })).toMatchObject({ name: 'beside' });
    expect(hub.core.droppedRecords()).toBe(0);
  });

  it('keep to their fields whatever a text holds', async () => {
    const name = 'a\u001fb\u001ec\u001dd\te\\f"g,{h}\n';
    const args = { note: '\u001f\u001e\u001d', rows: ['\\u001e'] };
    tell({ id: 'separated', name, errorMessage: '\u001d', clientName: '', arguments: args });
    tell({ id: 'plain', name: 'next', requestId: null });
    expect(await getCall(hub.ctx(), { id: 'separated' })).toMatchObject({
      name: 'abcd\te\\f"g,{h}\n',
      errorMessage: '',
      clientName: '',
      arguments: args,
    });
    expect(await getCall(hub.ctx(), { id: 'plain' })).toMatchObject({ name: 'next', requestId: null });
  });

  it('survive NUL characters, long texts and ids that come twice', async () => {
    tell({ id: 'odd', errorMessage: `a\0${'x'.repeat(5_000)}`, clientName: '\0' });
    tell({ id: 'odd' });
    const record = await getCall(hub.ctx(), { id: 'odd' });
    expect(record.errorMessage).toHaveLength(2_000);
    expect(record.clientName).toBe('');
  });

  it.each([1.5, 3_000_000_000, 1e300, Number.NaN])(
    'leave out the error code %d, which no column holds',
    async (errorCode) => {
      const id = `code-${errorCode}`;
      tell({ id, outcome: 'error', errorCode });
      expect(await getCall(hub.ctx(), { id })).toMatchObject({ outcome: 'error', errorCode: null });
      expect(hub.core.droppedRecords()).toBe(0);
    },
  );

  it('are found by the request that made them', async () => {
    tell({ id: 'asked', requestId: 'request-1' });
    tell({ id: 'beside', requestId: 'request-2' });
    const { items } = await listCalls(hub.ctx(), { requestId: 'request-1' });
    expect(items.map(({ id }) => id)).toEqual(['asked']);
  });

  it('take no others with them where one cannot be stored', async () => {
    const connection = hub.testDb.reconnect();
    const recorder = createCallRecorder(connection.db, silentLog);
    for (let n = 0; n < 9; n += 1) recorder.add(makeRecord({ id: `among-${n}`, ...(n === 4 && { startedAt: 1e18 }) }));
    await recorder.stop();
    await connection.close();
    expect(recorder.dropped).toBe(1);
    const stored = await hub.testDb.connection.sql`select id from call_records where id like 'among-%' order by id`;
    expect(stored.map(({ id }) => String(id))).toEqual([0, 1, 2, 3, 5, 6, 7, 8].map((n) => `among-${n}`));
  });

  it('are bounded while the database is away, and counted as lost', async () => {
    const closed = hub.testDb.reconnect();
    await closed.close();
    const recorder = createCallRecorder(closed.db, silentLog);
    for (let n = 0; n < 20_010; n += 1) recorder.add(makeRecord());
    expect(recorder.dropped).toBe(500);
    await recorder.flush();
    expect(recorder.dropped).toBe(500);
    await recorder.stop();
    expect(recorder.dropped).toBe(20_010);
  });

  it('are written before the core stops', async () => {
    await using other = await makeTestCore();
    other.runtime.tell({ type: 'call', record: makeRecord({ id: 'last' }) });
    await other.core.stop();
    expect(await other.testDb.connection.sql`select id from call_records`).toMatchObject([{ id: 'last' }]);
  });
});
