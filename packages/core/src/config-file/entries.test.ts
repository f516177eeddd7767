import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { tables } from '@switchboard/db';
import { noCallbacks, type Callbacks } from '../callbacks.ts';
import { saveGraph } from '../graphs/verbs.ts';
import { createGroup } from '../groups/verbs.ts';
import { createServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { applyFile, exportFile, planFile } from './verbs.ts';

/** Posts to nobody. */
const callbacks: Callbacks = { ...noCallbacks, refuse: () => null };

describe('entries of a file', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore({}, undefined, undefined, undefined, callbacks);
  });
  afterAll(() => hub?.close());

  async function storedUrl(id: string) {
    const [row] = await hub.testDb.db.select().from(tables.servers).where(eq(tables.servers.id, id));
    return row?.url;
  }
  async function refusalsOf(file: Record<string, unknown>) {
    const { entries } = await planFile(hub.ctx(), { text: stringify({ version: 1, ...file }) });
    return entries.map(({ action, reason }) => [action, reason]);
  }

  it('keep the user and the fragment of an address, and tell them as ***', async () => {
    const ctx = hub.ctx();
    const url = 'https://u:planted@h.example/mcp#planted';
    await createServer(ctx, makeRemoteDraft({ id: 'signed', url, description: 'old' }));
    const { text } = await exportFile(ctx, { sections: ['servers'] });
    expect(text).toContain('url: https://***@h.example/mcp#***');
    expect(text).not.toContain('planted');
    const { missing } = await applyFile(ctx, { text: text.replace('description: old', 'description: new') });
    expect([missing, await storedUrl('signed')]).toEqual([[], url]);
    const moved = await planFile(ctx, { text: text.replace('h.example/mcp', 'h.example/other') });
    expect(moved.missing).toEqual(['servers.signed.url']);
  });

  it('keep texts in which somebody wrote ***', async () => {
    const ctx = hub.ctx();
    const node = { name: 'a', model_name: 'demo', system_prompt: 'Be ***brief***', user_prompt: 'first' };
    await saveGraph(ctx, { config: { name: 'stars', nodes: [node] } });
    await createGroup(ctx, { name: 'people', description: '***Important*** people' });
    const { text } = await exportFile(ctx, { sections: ['graphs', 'groups'] });
    const edited = text.replace('first', 'second').replace('***Important***', '***Very important***');
    const plan = await applyFile(ctx, { text: edited });
    expect([plan.missing, plan.counts.update]).toEqual([[], 2]);
    const { text: after } = await exportFile(ctx, { sections: ['graphs', 'groups'] });
    expect(after).toBe(edited);
  });

  it('of a wrong shape are refused one by one', async () => {
    expect(await refusalsOf({ graphs: { q: { config: { nodes: 5 } } } })).toEqual([
      ['refused', expect.stringMatching(/^nodes: /)],
    ]);
    expect(await refusalsOf({ settings: { nothing: { a: 1 } } })).toEqual([
      ['refused', expect.stringMatching(/^is no section; there are /)],
    ]);
  });

  it('say of items of a server no more than may be set of them', async () => {
    const server = { kind: 'streamable-http', url: 'https://example.com/mcp' };
    const items = { tool: { t: { enabled: true, callsPerMinute: -5 } } };
    const text = stringify({ version: 1, servers: { paced: { ...server, items } } });
    await expect(planFile(hub.ctx(), { text })).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'servers.paced.items.tool.t.callsPerMinute' },
    });
  });

  it('go by their names, so that applying a file twice makes one of each', async () => {
    const ctx = hub.ctx();
    const rule = { kind: 'slow-calls', severity: 'info', enabled: true, threshold: 5, windowMinutes: 5, forMinutes: 1 };
    const hook = { url: 'https://hooks.example/receive', events: ['server.*'], enabled: true };
    const odd = { alerts: { x: { ...rule, name: 'y' } }, webhooks: { x: { ...hook, name: 'y' } } };
    expect(await refusalsOf(odd)).toEqual([
      ['refused', expect.stringMatching(/^name: must be .* 'y'$/)],
      ['refused', expect.stringMatching(/^name: must be .* 'y'$/)],
    ]);
    const twoOf = { y: { ...rule, name: 'y' }, 'y #2': { ...rule, name: 'y' } };
    const text = stringify({ version: 1, alerts: twoOf, webhooks: { y: { ...hook, name: 'y' } } });
    expect((await applyFile(ctx, { text })).counts).toMatchObject({ create: 3, refused: 0 });
    expect((await applyFile(ctx, { text })).counts).toMatchObject({ create: 0, unchanged: 3 });
  });

  it('are bounded in number and time, and one file is tried out at a time', async () => {
    const ctx = hub.ctx();
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, at) => [`p${at}`, { role: 'user' }]));
    await expect(planFile(ctx, { text: stringify({ version: 1, people: many }) })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('more than 2000 entries'),
    });
    let passed = 0;
    const slow = { ...ctx, clock: { ...ctx.clock, elapsed: () => (passed += 15_000) } };
    const text = stringify({
      version: 1,
      people: { one: { role: 'user' }, two: { role: 'user' }, three: { role: 'user' } },
    });
    await expect(planFile(slow, { text })).rejects.toMatchObject({ code: 'limit_exceeded' });
    await hub.testDb.db.transaction(async (db) => {
      await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('configuration file', 0))`);
      await expect(planFile(ctx, { text })).rejects.toMatchObject({ code: 'conflict' });
    });
    expect((await planFile(ctx, { text })).counts.create).toBe(3);
  });
});
