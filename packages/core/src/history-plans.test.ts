import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDb, tables } from '@switchboard/db';
import type { Actor } from './actor.ts';
import { exportAudit, getAudit, listAudit } from './audit/verbs.ts';
import { windowRows } from './audit/window.ts';
import { listCallers } from './calls/callers.ts';
import { getCall, listCalls } from './calls/queries.ts';
import { restoreCallStats } from './calls/restore.ts';
import { createCallStats } from './calls/stats.ts';
import type { Ctx } from './context.ts';
import { listKeys } from './keys/verbs.ts';
import { overview } from './monitoring/verbs.ts';
import { makeTestCore, type TestCore } from './testing.ts';

/** History is read by index: no statement looks through a whole table of it, whatever is asked. */

const rows = 100_000;
const people = 300;
let hub: TestCore;
let user: Extract<Actor, { type: 'user' }>;
let watched: { close(): Promise<void>; ctx(actor?: Actor): Ctx; taken(): { statement: string; params: unknown[] }[] };

beforeAll(async () => {
  hub = await makeTestCore();
  user = await hub.addUser('user', 'reader');
  const { sql } = hub.testDb.connection;
  await sql`
    insert into users (id, username, username_key, password_hash, role)
    select 'person-' || n, 'person-' || n, 'person-' || n, '', 'user' from generate_series(1, ${people}) as n`;
  await sql`
    insert into api_keys (id, name, lookup, hash, user_id, scopes)
    select 'key-' || n, 'key', 'lookup' || n, '', 'person-' || (1 + n % ${people}), '{}' from generate_series(1, 5000) as n`;
  await sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, credential,
      user_id, client_name, via, request_id, address)
    select 'call-' || lpad(n::text, 8, '0'), now() - make_interval(secs => (${rows} - n) * 20), n % 100,
      'server-' || (n % 200), '/mcp', 'tools/call', 'tool_' || (n % 37), case n % 50 when 0 then 'error' else 'ok' end,
      'key:person-' || (1 + n % ${people}) || ':key-' || (n % 5000), 'person-' || (1 + n % ${people}), 'client', 'mcp',
      'request-' || n, '10.0.0.' || (n % 250)
    from generate_series(1, ${rows}) as n`;
  await sql`
    insert into audit (at, action, actor_type, actor_id, user_id, actor_name, subject, outcome, address, way)
    select now() - make_interval(secs => (${rows} - n) * 25), 'group.update', 'user', 'x', 'person-' || (1 + n % ${people}),
      'person', 'group-' || (n % 5000), 'ok', '10.0.0.1', 'trpc'
    from generate_series(1, ${rows}) as n`;
  await sql`analyze`;
  watched = watch(hub);
});
afterAll(async () => {
  await watched.close();
  await hub.close();
});

/** The same domain on a connection that notes what it is asked. */
function watch(core: TestCore): typeof watched {
  const statements: { statement: string; params: unknown[] }[] = [];
  const connection = createDb(core.testDb.address, {
    max: 2,
    onStatement: (statement, params) => void statements.push({ statement, params: [...params] }),
  });
  return {
    close: () => connection.close(),
    ctx: (actor) => ({ ...core.ctx(actor), db: connection.db }),
    taken: () => statements.splice(0),
  };
}

/** Tables that a statement's plan reads from end to end. */
async function scanned(statement: string, params: unknown[]): Promise<string[]> {
  const { sql } = hub.testDb.connection;
  // As the server sees it: values are known when the plan is made.
  const [row] = await sql.unsafe(`explain (format json) ${statement}`, params as never[]);
  const found: string[] = [];
  JSON.stringify(row?.['QUERY PLAN'], (_key, value: unknown) => {
    const node = value as { 'Node Type'?: string; 'Relation Name'?: string } | null;
    if (typeof node === 'object' && node?.['Node Type'] === 'Seq Scan') found.push(node['Relation Name'] ?? '');
    return value;
  });
  return found;
}

const past = { since: new Date(Date.now() - 86_400_000 * 5), until: new Date(Date.now() - 86_400_000 * 4) };

const calls: [string, Parameters<typeof listCalls>[1]][] = [
  ['the newest', {}],
  ['of one server', { serverId: 'server-7' }],
  ['of a server nobody called', { serverId: 'nobody' }],
  ['of a tool', { tool: 'tool_3' }],
  ['of a tool nobody called', { tool: 'nothing' }],
  ['that failed', { outcome: ['error'] }],
  ['that were cancelled, none', { outcome: ['cancelled'] }],
  ['by a text nothing holds', { search: 'nothing holds this' }],
  ['by a person', { user: 'person-3' }],
  ['by somebody who is gone', { user: 'nobody' }],
  ['with a key', { key: 'key-9' }],
  ['with a key nobody used', { key: 'nothing', serverId: 'server-7' }],
  ['of a day', past],
  ['of a day, by a text', { ...past, search: 'nothing' }],
];

const trail: [string, Parameters<typeof listAudit>[1]][] = [
  ['the newest', {}],
  ['by a user', { user: 'person-3' }],
  ['by somebody who is gone', { user: 'nobody' }],
  ['with a key', { key: 'key-9' }],
  ['with a key nobody used', { key: 'nothing' }],
  ['of a target', { target: 'group-7' }],
  ['of a server', { target: 'server-7' }],
  ['of an action', { action: ['group.*'] }],
  ['of an action nobody took', { action: ['nothing.*'] }],
  ['from an address', { address: '10.9.9.9' }],
  ['of a request', { requestId: 'request-1' }],
  ['that was refused', { outcome: ['refused'] }],
  ['by a text nothing holds', { search: 'nothing holds this' }],
  ['of a day', past],
];

describe('no whole history is read for', () => {
  async function check(run: (ctx: Ctx) => Promise<unknown>, actor?: Actor) {
    watched.taken();
    await run(watched.ctx(actor));
    const statements = watched.taken();
    expect(statements.length).toBeGreaterThan(0);
    for (const { statement, params } of statements) {
      if (!/^\s*select/i.test(statement)) continue;
      const tablesRead = await scanned(statement, params);
      expect(
        tablesRead.filter((name) => name === 'call_records' || name === 'audit'),
        statement,
      ).toEqual([]);
    }
  }

  it('the figures at the start', () =>
    check((ctx) =>
      restoreCallStats(
        ctx.db,
        createCallStats(() => Date.now()),
        { now: Date.now(), startedAt: Date.now() },
      ),
    ));
  it('the overview', () => check((ctx) => overview(ctx, {})));
  it.each(calls)('calls: %s', async (_name, input) => {
    await check((ctx) => listCalls(ctx, input));
    await check((ctx) => listCalls(ctx, input), user);
  });
  it('calls: a later page', async () => {
    const { nextCursor } = await listCalls(hub.ctx(), {});
    await check((ctx) => listCalls(ctx, { cursor: nextCursor ?? '' }));
    await check((ctx) => listCalls(ctx, { cursor: nextCursor ?? '', tool: 'tool_3' }));
  });
  it.each([{}, { search: 'person' }, { search: 'nothing', chosen: ['person-3', 'key-9'] }])(
    'callers: %j',
    async (input) => {
      await check((ctx) => listCallers(ctx, input));
      await check((ctx) => listCallers(ctx, input), user);
    },
  );
  it('one call', () => check((ctx) => getCall(ctx, { id: 'call-00000007' })));
  it.each(trail)('audit: %s', async (_name, input) => {
    await check((ctx) => listAudit(ctx, input));
    await check((ctx) => listAudit(ctx, input), user);
  });
  it('audit: one entry', async () => {
    await check((ctx) => getAudit(ctx, { id: '7' }));
    await check((ctx) => getAudit(ctx, { id: 'call-00000007' }));
  });
  it.each([{}, { search: 'tool_3' }, { user: 'person-3' }] as const)('an export of %j', (filter) =>
    check(async (ctx) => {
      const { chunks } = await exportAudit(ctx, filter);
      for await (const chunk of chunks) if (chunk.length > 0) break;
    }),
  );
});

describe('a search', () => {
  it('looks at a bounded stretch, says how far it came, and goes on from there', async () => {
    let [cursor, found, pages]: [string | undefined, number, number] = [undefined, 0, 0];
    const ends: (number | null)[] = [];
    do {
      const page = await listCalls(hub.ctx(), { search: 'tool_3', limit: 200, ...(cursor && { cursor }) });
      found += page.items.length;
      ends.push(page.searchedTo);
      cursor = page.nextCursor ?? undefined;
      pages += 1;
    } while (cursor !== undefined && pages < 1_000);
    // tool_3 and tool_30 to tool_36.
    const [{ n } = { n: 0 }] = await hub.testDb.connection.sql<{ n: number }[]>`
      select count(*)::int as n from call_records where name like 'tool\_3%'`;
    expect(found).toBe(n);
    expect(ends.at(-1)).toBeNull();
    const nothing = await listCalls(hub.ctx(), { search: 'nothing holds this' });
    const oldest = Date.now() - windowRows * 20_000;
    expect(nothing).toMatchObject({ items: [], nextCursor: expect.any(String) });
    expect(Math.abs((nothing.searchedTo ?? 0) - oldest)).toBeLessThan(600_000);
  });

  it('of the trail does the same over both histories', async () => {
    let [cursor, found, pages]: [string | undefined, number, number] = [undefined, 0, 0];
    const ids = new Set<string>();
    do {
      const page = await listAudit(hub.ctx(), { address: '10.0.0.7', limit: 150, ...(cursor && { cursor }) });
      found += page.items.length;
      for (const { id } of page.items) ids.add(id);
      cursor = page.nextCursor ?? undefined;
      pages += 1;
    } while (cursor !== undefined && pages < 100);
    expect(found).toBe(rows / 250);
    expect(ids.size).toBe(found);
  });
});

it('an export has every line once, in order', async () => {
  const { chunks } = await exportAudit(hub.ctx(), {});
  const ids = new Set<string>();
  let [lines, last, disordered] = [0, '9', 0];
  for await (const chunk of chunks) {
    for (const line of chunk.split('\n').slice(0, -1)) {
      const { at, kind, id } = JSON.parse(line) as { at: string; kind: string; id: string };
      if (at > last) disordered += 1;
      last = at;
      lines += 1;
      ids.add(`${kind} ${id}`);
    }
  }
  expect({ disordered, repeated: lines - ids.size }).toEqual({ disordered: 0, repeated: 0 });
  expect(lines).toBeGreaterThanOrEqual(2 * rows);
});

it('reads the keys of a plain user only', async () => {
  watched.taken();
  expect(await listKeys(watched.ctx(user), {})).toEqual([]);
  const [asked] = watched.taken();
  const [plan] = await hub.testDb.connection.sql.unsafe(
    `explain (format json) ${asked?.statement}`,
    asked?.params as never[],
  );
  expect(JSON.stringify(plan)).toContain('api_keys_user_index');
  expect(await listKeys(watched.ctx(), {})).toHaveLength(await hub.testDb.db.$count(tables.apiKeys));
});
