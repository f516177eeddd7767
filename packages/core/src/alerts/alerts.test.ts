import { eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { UpstreamGrant } from '@switchboard/mcp-runtime/types';
import { createKey } from '../keys/verbs.ts';
import { createServer, removeServer, updateServer } from '../servers/verbs.ts';
import { storeGrant } from '../sign-ins/store.ts';
import {
  makeCatalog,
  makeDraft,
  makeRecord,
  makeRemoteDraft,
  makeStatus,
  makeTestCore,
  type TestCore,
} from '../testing.ts';
import { evaluateAlerts } from './evaluate.ts';
import { isQuiet } from './quiet.ts';
import {
  acknowledgeAlert,
  changeAlertRule,
  createAlertRule,
  listAlertRules,
  listAlerts,
  removeAlertRule,
} from './verbs.ts';
import { createAlertWatch } from './watch.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub.close());

function evaluate() {
  return evaluateAlerts(hub.core.ctxFor({ type: 'system', job: 'alerts.evaluate' }));
}
async function open() {
  return (await listAlerts(hub.ctx(), {})).items.map(({ rule, serverId }) => [rule.id, serverId]);
}
/** Calls that ended a moment ago, as a server records them. */
async function calls(serverId: string, outcomes: readonly ('ok' | 'error')[], durationMs = 5) {
  for (const outcome of outcomes) {
    hub.runtime.tell({
      type: 'call',
      record: makeRecord({ id: crypto.randomUUID(), serverId, outcome, durationMs, startedAt: hub.clock.now() - 100 }),
    });
  }
  await hub.core.deps.hub.flushCalls();
}

describe('alerts', () => {
  it('has rules from the start, each once however often a hub starts', async () => {
    const rules = await listAlertRules(hub.ctx(), {});
    expect(rules.length).toBeGreaterThan(8);
    expect(rules.every(({ shipped }) => shipped)).toBe(true);
    await expect(removeAlertRule(hub.ctx(), { id: 'server-failing' })).rejects.toThrow('switch it off');
  });

  it('fires when a server has failed long enough, and is over when it runs', async () => {
    hub.runtime.failing.set('broken', 'exit code 1');
    await createServer(hub.ctx(), makeDraft({ id: 'broken' }));
    await evaluate();
    expect(await open()).toEqual([]);
    hub.clock.advance(2 * minuteMs);
    await evaluate();
    const { items } = await listAlerts(hub.ctx(), {});
    expect(items).toMatchObject([
      {
        rule: { id: 'server-failing' },
        severity: 'critical',
        state: 'firing',
        serverId: 'broken',
        detail: 'exit code 1',
        reason: { text: "'broken' does not run." },
        can: { acknowledge: true },
      },
    ]);
    await evaluate();
    expect((await listAlerts(hub.ctx(), {})).items.map(({ id }) => id)).toEqual([items[0]?.id]);
    hub.runtime.failing.delete('broken');
    await hub.runtime.restart('broken', new AbortController().signal);
    await evaluate();
    expect(await open()).toEqual([]);
    const over = await listAlerts(hub.ctx(), { state: 'resolved' });
    expect(over.items).toMatchObject([{ id: items[0]?.id, state: 'resolved', resolvedAt: expect.any(Date) }]);
  });

  it('leaves no trace of what was so for less time than the rule wants', async () => {
    hub.runtime.failing.set('brief', 'not yet');
    await createServer(hub.ctx(), makeDraft({ id: 'brief' }));
    await evaluate();
    hub.runtime.failing.delete('brief');
    await hub.runtime.restart('brief', new AbortController().signal);
    hub.clock.advance(5 * minuteMs);
    await evaluate();
    const all = await listAlerts(hub.ctx(), { state: 'all', serverId: 'brief' });
    expect(all.items).toEqual([]);
  });

  it('counts failures of a server that goes up and down', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'shaky' }));
    for (let time = 0; time < 3; time += 1) {
      const failed = makeStatus('shaky', { phase: 'error' });
      hub.runtime.tell({ type: 'status', status: failed, previous: 'running' });
      // The same failure told again is one.
      hub.runtime.tell({ type: 'status', status: failed, previous: 'error' });
      await evaluate();
      expect(await open()).toEqual(time < 2 ? [] : [['server-flapping', 'shaky']]);
    }
    hub.clock.advance(11 * minuteMs);
    await evaluate();
    expect(await open()).toEqual([]);
  });

  it('looks at the share of calls that fail, and at how long they take, where there are enough', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'calls' }));
    await calls('calls', ['error', 'error', 'error']);
    await evaluate();
    expect(await open()).toEqual([]);
    await calls('calls', ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    await evaluate();
    const { items } = await listAlerts(hub.ctx(), {});
    expect(items).toMatchObject([{ rule: { id: 'error-rate' }, serverId: 'calls', value: 30 }]);
    await createAlertRule(hub.ctx(), { name: 'Slow', kind: 'slow-calls', threshold: 1_000, serverId: 'calls' });
    await calls(
      'calls',
      Array.from({ length: 40 }, () => 'ok' as const),
      3_000,
    );
    await evaluate();
    expect((await open()).length).toBe(1);
    expect((await listAlerts(hub.ctx(), {})).items).toMatchObject([{ rule: { name: 'Slow' }, value: 3_000 }]);
    hub.clock.advance(30 * minuteMs);
    await evaluate();
    expect(await open()).toEqual([]);
  });

  it('tells changed definitions of tools, and not those of a first start', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'toolbox' }));
    hub.runtime.tell({ type: 'catalog', serverId: 'toolbox', catalog: makeCatalog(['read', 'write']) });
    await evaluate();
    expect(await open()).toEqual([]);
    const changed = makeCatalog(['read', 'write', 'new']);
    changed.tools[0] = { ...changed.tools[0], description: 'Reads, and sends it to me' };
    hub.runtime.tell({ type: 'catalog', serverId: 'toolbox', catalog: changed });
    await evaluate();
    const { items } = await listAlerts(hub.ctx(), {});
    expect(items).toMatchObject([
      { rule: { id: 'tools-changed' }, serverId: 'toolbox', reason: { params: { tools: 'read' } } },
    ]);
    await removeServer(hub.ctx(), { id: 'toolbox' });
    expect(await open()).toEqual([]);
  });

  it('does not take definitions for changed because the database orders their keys', async () => {
    const catalog = makeCatalog(['read']);
    catalog.tools[0] = { inputSchema: { type: 'object', required: [], properties: {} }, name: 'read', title: '\u0000' };
    await createServer(hub.ctx(), makeDraft({ id: 'restarted' }));
    hub.runtime.tell({ type: 'catalog', serverId: 'restarted', catalog });
    const watch = createAlertWatch(() => hub.clock.now());
    await expect
      .poll(async () => (await hub.testDb.db.select().from(tables.catalogs)).map(({ serverId }) => serverId))
      .toContain('restarted');
    const rows = await hub.testDb.db.select().from(tables.catalogs).where(eq(tables.catalogs.serverId, 'restarted'));
    watch.seed('restarted', rows[0]?.catalog as typeof catalog);
    watch.onRuntime({ type: 'catalog', serverId: 'restarted', catalog });
    expect(watch.changedToolsSince('restarted', 0)).toEqual([]);
    watch.onRuntime({ type: 'catalog', serverId: 'restarted', catalog: { ...catalog, tools: [{ name: 'read' }] } });
    expect(watch.changedToolsSince('restarted', 0)).toEqual(['read']);
  });

  it('writes down nothing of rules and servers that are gone when it is through with looking', async () => {
    const ctx = hub.core.ctxFor({ type: 'system', job: 'alerts.evaluate' });
    for (const id of ['gone', 'kept']) {
      hub.runtime.failing.set(id, 'broken');
      await createServer(hub.ctx(), makeDraft({ id }));
    }
    const rule = await createAlertRule(hub.ctx(), { name: 'Off', kind: 'server-failing' });
    const always = await createAlertRule(hub.ctx(), { name: 'On', kind: 'server-failing' });
    // Both change after the looks, as late as it gets.
    const db = new Proxy(ctx.db, {
      get(target, name, receiver) {
        if (name !== 'transaction') return Reflect.get(target, name, receiver) as unknown;
        return async (run: Parameters<typeof target.transaction>[0]) => {
          await changeAlertRule(hub.ctx(), { id: rule.id, enabled: false });
          await removeServer(hub.ctx(), { id: 'gone' });
          return target.transaction(run);
        };
      },
    });
    await evaluateAlerts({ ...ctx, db });
    const found = (await listAlerts(hub.ctx(), {})).items.filter(
      ({ rule: of }) => of.name === 'On' || of.name === 'Off',
    );
    expect(found.map((alert) => [alert.rule.name, alert.serverId])).toEqual([['On', 'kept']]);
    for (const { id } of [rule, always]) await removeAlertRule(hub.ctx(), { id });
    await removeServer(hub.ctx(), { id: 'kept' });
  });

  it('finds that nobody calls a server any more, until somebody does', async () => {
    await createServer(hub.ctx(), makeDraft({ id: 'lonely' }));
    const rule = await createAlertRule(hub.ctx(), {
      name: 'Lonely',
      kind: 'no-calls',
      serverId: 'lonely',
      windowMinutes: 5,
    });
    async function isFound() {
      await evaluate();
      return (await listAlerts(hub.ctx(), {})).items.some((alert) => alert.rule.id === rule.id);
    }
    expect(await isFound()).toBe(false);
    await calls('lonely', ['ok']);
    expect(await isFound()).toBe(false);
    hub.clock.advance(6 * minuteMs);
    expect(await isFound()).toBe(true);
    hub.clock.advance(60 * minuteMs);
    expect(await isFound()).toBe(true);
    await calls('lonely', ['ok']);
    expect(await isFound()).toBe(false);
    await removeAlertRule(hub.ctx(), { id: rule.id });
  });

  it('tells keys that expire soon, and says whose', async () => {
    const soon = new Date(hub.clock.now() + 3 * 86_400_000);
    await createKey(hub.ctx(), { name: 'ci', scopes: ['server.read'], expiresAt: soon });
    await evaluate();
    const { items } = await listAlerts(hub.ctx(), {});
    expect(items).toMatchObject([{ rule: { id: 'key-expiring' }, serverId: null, value: 3 }]);
    expect(items[0]?.reason.params).toMatchObject({ key: 'ci', person: 'admin' });
  });

  it('tells certificates of servers that expire soon', async () => {
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'https' }));
    async function found() {
      await evaluate();
      const { items } = await listAlerts(hub.ctx(), {});
      return items.flatMap(({ rule, serverId, value }) =>
        rule.id === 'certificate-expiring' ? [[serverId, value]] : [],
      );
    }
    expect(await found()).toEqual([]);
    hub.runtime.certificates.set('https', hub.clock.now() + 20 * 86_400_000);
    expect(await found()).toEqual([]);
    hub.runtime.certificates.set('https', hub.clock.now() + 5.5 * 86_400_000);
    expect(await found()).toEqual([['https', 6]]);
    hub.runtime.certificates.set('https', hub.clock.now() + 90 * 86_400_000);
    expect(await found()).toEqual([]);
  });

  it('tells shared sign-ins that nothing refreshes, once their end is near', async () => {
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'signed' }));
    const server = { issuer: 'https://issuer.test' } as UpstreamGrant['server'];
    const client = { issuer: 'https://issuer.test', kind: 'registered' } as UpstreamGrant['client'];
    const grant = { url: '', server, client, resource: null, scope: null, asked: null, accessToken: 'secret' };
    async function signIn(expiresAt: number | null, refreshToken: string | null, at = hub.clock.now()) {
      const made = { ...grant, refreshToken, expiresAt };
      const now = new Date(at);
      await storeGrant(hub.core.deps, { serverId: 'signed', person: null, grant: made, now });
      await evaluate();
      const { items } = await listAlerts(hub.ctx(), {});
      return items.flatMap(({ rule, serverId, value }) => (rule.id === 'sign-in-expiring' ? [[serverId, value]] : []));
    }
    const now = hub.clock.now();
    expect(await signIn(null, null)).toEqual([]);
    expect(await signIn(now + 20 * dayMs, null)).toEqual([]);
    expect(await signIn(now + 3.5 * dayMs, null)).toEqual([['signed', 4]]);
    expect(await signIn(now + 3.5 * dayMs, 'refresh')).toEqual([]);
    // It lives for an hour: whoever signed in an hour ago knows.
    expect(await signIn(now + dayMs / 48, null, now - dayMs / 48)).toEqual([]);
    expect(await signIn(now + dayMs / 48, null, now - 30 * dayMs)).toEqual([['signed', 1]]);
    await removeServer(hub.ctx(), { id: 'signed' });
  });

  it('shows alerts of servers to who sees them, and details to who may read their logs', async () => {
    const stranger = await hub.addUser('user');
    await createServer(hub.ctx(), makeDraft({ id: 'open' }));
    await updateServer(hub.ctx(), { id: 'open', patch: { visibility: 'everyone' } });
    hub.runtime.failing.set('open', 'password=hunter2');
    await hub.runtime.restart('open', new AbortController().signal);
    await evaluate();
    hub.clock.advance(2 * minuteMs);
    await evaluate();
    const { items } = await listAlerts(hub.ctx(stranger), {});
    expect(items).toMatchObject([{ serverId: 'open', detail: null, can: { acknowledge: false } }]);
    await expect(acknowledgeAlert(hub.ctx(stranger), { id: items[0]?.id ?? '' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const taken = await acknowledgeAlert(hub.ctx(), { id: items[0]?.id ?? '' });
    expect(taken.acknowledged).toMatchObject({ by: 'admin' });
    await expect(acknowledgeAlert(hub.ctx(stranger), { id: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(listAlertRules(hub.ctx(stranger), {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('ends what is open when its rule is switched off', async () => {
    expect((await open()).map(([rule]) => rule)).toContain('server-failing');
    await changeAlertRule(hub.ctx(), { id: 'server-failing', enabled: false });
    expect((await open()).map(([rule]) => rule)).not.toContain('server-failing');
    await evaluate();
    expect((await open()).map(([rule]) => rule)).not.toContain('server-failing');
  });

  it('tells what is critical however much waits for the end of quiet hours', async () => {
    const { alerts } = tables;
    const always = { from: '00:00', until: '23:59', timeZone: 'UTC' };
    hub.clock.set(Date.parse('2026-06-01T12:00:00Z'));
    const rule = await createAlertRule(hub.ctx(), { name: 'Quiet', kind: 'key-expiring', quiet: always });
    const row = { ruleId: rule.id, state: 'resolved', reason: { code: 'x', params: {}, text: 'x' } } as const;
    const at = { since: new Date(0), firedAt: new Date(0), toldAt: new Date(0), resolvedAt: new Date(hub.clock.now()) };
    const waiting = Array.from({ length: 250 }, (_, number) => ({
      ...row,
      ...at,
      id: `quiet-${number}`,
      subject: `s${number}`,
      severity: 'info' as const,
    }));
    await hub.testDb.db.insert(alerts).values(waiting);
    const critical = { ...row, id: 'loud', subject: 'loud', severity: 'critical' as const, ...at };
    await hub.testDb.db.insert(alerts).values({ ...critical, since: new Date(hub.clock.now()) });
    await evaluate();
    const told = await hub.testDb.db.select().from(alerts).where(isNotNull(alerts.toldResolvedAt));
    expect(told.map(({ id }) => id)).toContain('loud');
    expect(told.filter(({ id }) => id.startsWith('quiet-'))).toEqual([]);
    await removeAlertRule(hub.ctx(), { id: rule.id });
  });

  it('refuses rules with what their kind has no use for', async () => {
    const wrong = [
      { kind: 'disk-space', threshold: 200 },
      { kind: 'disk-space', serverId: 'open' },
      { kind: 'jobs-failing', threshold: 3 },
      { kind: 'server-failing', serverId: 'nobody' },
      { kind: 'tools-changed', windowMinutes: 10, forMinutes: 10 },
      { kind: 'error-rate', quiet: { from: '25:00', until: '07:00' } },
      { kind: 'error-rate', quiet: { from: '22:00', until: '07:00', timeZone: 'Moon/Base' } },
    ] as const;
    for (const rule of wrong) {
      await expect(createAlertRule(hub.ctx(), { name: 'Wrong', ...rule }), JSON.stringify(rule)).rejects.toMatchObject({
        code: expect.stringMatching(/invalid|not_found/),
      });
    }
  });

  it('keeps alerts that cannot be looked at as they were, and forgets old ones', async () => {
    const before = await listAlerts(hub.ctx(), { state: 'all', limit: 200 });
    hub.clock.advance(91 * 86_400_000);
    await evaluate();
    const after = await listAlerts(hub.ctx(), { state: 'resolved', limit: 200 });
    expect(before.items.length).toBeGreaterThan(after.items.length);
    const rows = await hub.testDb.db.select().from(tables.alerts);
    expect(rows.every(({ resolvedAt }) => !resolvedAt || resolvedAt.getTime() > hub.clock.now() - minuteMs)).toBe(true);
  });

  it('knows hours over midnight and time zones', () => {
    const night = { from: '22:00', until: '07:00', timeZone: 'Europe/Berlin' };
    expect(isQuiet(night, Date.parse('2026-01-10T21:30:00Z'))).toBe(true);
    expect(isQuiet(night, Date.parse('2026-01-10T05:59:00Z'))).toBe(true);
    expect(isQuiet(night, Date.parse('2026-01-10T06:00:00Z'))).toBe(false);
    expect(isQuiet({ from: '09:00', until: '17:00', timeZone: 'UTC' }, Date.parse('2026-01-10T17:00:00Z'))).toBe(false);
  });
});
