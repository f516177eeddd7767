import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { exportConfig } from '../servers/export.ts';
import { diffServerVersions, restoreServer } from '../servers/history.ts';
import { registerServer, testServer } from '../servers/lifecycle.ts';
import { toContainer } from '../servers/switch.ts';
import { importConfig } from '../servers/transfer.ts';
import { createServer, getServer, removeServer, updateServer } from '../servers/verbs.ts';
import { makeDraft, makeRemoteDraft, makeTestCore, spokenOf, type TestCore, unbounded } from '../testing.ts';
import { updateUser } from '../users/update.ts';
import { fillSlots, getSlots, listSlots } from './verbs.ts';

let hub: TestCore;
let ann: Actor & { id: string };
let bob: Actor & { id: string };
const secret = 'planted-value-of-ann';

const slots = [
  { name: 'TOKEN', label: 'Access token', description: 'From your profile' },
  { name: 'NAME', label: 'User name', secret: false },
];
const env = { TOKEN: '${user:TOKEN}', WHO: 'user ${user:NAME}' };

beforeAll(async () => {
  hub = await makeTestCore();
  ann = (await hub.addUser('user')) as typeof ann;
  bob = (await hub.addUser('user')) as typeof bob;
  await createServer(hub.ctx(), { ...makeDraft({ id: 'mine' }), env, slots, visibility: 'everyone' });
  await createServer(hub.ctx(), {
    ...makeRemoteDraft({ id: 'remote' }),
    url: 'https://example.com/${user:NAME}',
    headers: { Authorization: 'Bearer ${user:TOKEN}' },
    slots,
    visibility: 'everyone',
  });
});
afterAll(() => hub.close());

function refused(code: string, message?: RegExp) {
  return expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) });
}

describe('a server with slots', () => {
  it('belongs to people, whatever its kind', async () => {
    expect(await getServer(hub.ctx(), { id: 'remote' })).toMatchObject({
      isolation: 'user',
      slots: [{ name: 'TOKEN' }, {}],
    });
    expect(hub.runtime.specs.find(({ id }) => id === 'remote')).toMatchObject({ isolation: 'user', personal: true });
    const other = updateServer(hub.ctx(), { id: 'mine', patch: { isolation: 'shared' } });
    await expect(other).rejects.toThrow(refused('invalid', /must be 'user'/));
    const wrong = createServer(hub.ctx(), { ...makeDraft({ id: 'wrong' }), args: ['${user:TOKEN}'], slots });
    await expect(wrong).rejects.toThrow(refused('invalid', /slots may stand/));
    const undeclared = updateServer(hub.ctx(), { id: 'mine', patch: { slots: [] } });
    await expect(undeclared).rejects.toThrow(refused('invalid', /not declared/));
  });

  it('is stored without a start, and tested with the values of who tests it', async () => {
    const draft = { ...makeDraft({ id: 'registered' }), env, slots };
    expect(await registerServer(hub.ctx(), draft)).toMatchObject({ id: 'registered', missingSlots: ['TOKEN', 'NAME'] });
    expect(await testServer(hub.ctx(), { draft: { ...draft, id: 'draft' } })).toMatchObject({
      ok: false,
      errorReason: { code: 'slotsFirst' },
    });
    await fillSlots(hub.ctx(), { id: 'registered', values: { TOKEN: 'admins-own', NAME: 'root' } });
    expect(await testServer(hub.ctx(), { draft, existingId: 'registered' })).toMatchObject({ ok: true });
  });

  it('keeps its slots in exports, imports and versions', async () => {
    const { mcpServers } = await exportConfig(hub.ctx(), { ids: ['remote'] });
    expect(mcpServers['remote']).toMatchObject({
      headers: { Authorization: 'Bearer ${user:TOKEN}' },
      url: 'https://example.com/${user:NAME}',
      slots: [{ name: 'TOKEN', label: 'Access token' }, { secret: false }],
    });
    await removeServer(hub.ctx(), { id: 'remote' });
    const { entries } = await importConfig(hub.ctx(), { text: JSON.stringify({ mcpServers }), apply: true });
    expect(entries).toMatchObject([{ action: 'create', ignored: [], literal: [], missing: [] }]);
    expect(hub.runtime.specs.find(({ id }) => id === 'remote')).toMatchObject({ isolation: 'user', personal: true });
    await updateServer(hub.ctx(), {
      id: 'remote',
      patch: { slots: slots.map((slot) => ({ ...slot, label: 'Other' })) },
    });
    const { settings } = await diffServerVersions(hub.ctx(), { id: 'remote', from: 1, to: 2 });
    expect(JSON.stringify(settings)).toContain('Other');
    expect(await restoreServer(hub.ctx(), { id: 'remote', number: 1 })).toMatchObject({
      slots: [{ label: 'Access token' }, {}],
    });
    await updateServer(hub.ctx(), { id: 'remote', patch: { visibility: 'everyone' } });
  });
});

describe('values', () => {
  it('are filled in by each person alone, and told to nobody', async () => {
    expect(await getSlots(hub.ctx(ann), { id: 'mine' })).toMatchObject({ missing: ['TOKEN', 'NAME'], filledAt: null });
    const filled = await fillSlots(hub.ctx(ann), { id: 'mine', values: { TOKEN: secret, NAME: 'ann' } });
    expect(filled).toMatchObject({
      missing: [],
      slots: [
        { name: 'TOKEN', filled: true, value: null },
        { name: 'NAME', filled: true, value: 'ann' },
      ],
    });
    expect(await getSlots(hub.ctx(bob), { id: 'mine' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
    expect(await getServer(hub.ctx(ann), { id: 'mine' })).toMatchObject({ missingSlots: [] });
    expect(await getServer(hub.ctx(bob), { id: 'mine' })).toMatchObject({ missingSlots: ['TOKEN', 'NAME'] });
    expect((await listSlots(hub.ctx(ann), {})).map(({ id, missing }) => [id, missing.length])).toEqual([
      ['mine', 0],
      ['remote', 2],
    ]);
    const told = JSON.stringify([filled, await listSlots(hub.ctx(), {}), await getSlots(hub.ctx(), { id: 'mine' })]);
    expect(told).not.toContain(secret);
    const rows = [
      await hub.testDb.db.select().from(tables.slotValues),
      await hub.testDb.db.select().from(tables.audit),
    ];
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('open servers for their person alone', async () => {
    const { personal } = hub.core;
    const { launch } = hub.runtime.specs.find(({ id }) => id === 'mine') ?? {};
    if (launch === undefined) throw new Error('no spec');
    expect(await personal.launch('mine', ann.id, launch)).toMatchObject({ env: { TOKEN: secret, WHO: 'user ann' } });
    expect(await personal.launch('mine', bob.id, launch)).toMatchObject({ code: 'credentials' });
    expect(personal.standing('mine', bob.id)).toMatchObject({
      code: 'credentials',
      url: expect.stringMatching(/\/ui\/servers\/mine\/credentials$/) as string,
    });
    expect(personal.feeder('mine')).toBe(ann.id);
    const before = personal.standing('mine', ann.id);
    await fillSlots(hub.ctx(ann), { id: 'mine', values: { NAME: 'ann2' } });
    expect(personal.standing('mine', ann.id)).not.toEqual(before);
    hub.clock.advance(1_000);
    await fillSlots(hub.ctx(bob), { id: 'mine', values: { TOKEN: 'of-bob', NAME: 'bob' } });
    expect(personal.feeder('mine')).toBe(bob.id);
    expect(hub.core.deps.hub.secretsOf('mine')).toContain(secret);
  });

  it('that cannot stand where their slots stand are refused', async () => {
    const odd = fillSlots(hub.ctx(ann), { id: 'remote', values: { TOKEN: 'a\r\nX: b' } });
    await expect(odd).rejects.toThrow(refused('invalid', /one line/));
    const dots = fillSlots(hub.ctx(ann), { id: 'remote', values: { NAME: '..' } });
    await expect(dots).rejects.toThrow(refused('invalid', /must not be/));
    const none = fillSlots(hub.ctx(ann), { id: 'remote', values: { NOPE: 'x' } });
    await expect(none).rejects.toThrow(refused('invalid', /no slot 'NOPE'/));
    await expect(fillSlots(hub.ctx(ann), { id: 'remote', values: { TOKEN: '' } })).rejects.toThrow(refused('invalid'));
    const long = fillSlots(hub.ctx(ann), { id: 'remote', values: { TOKEN: 'x'.repeat(8_193) } });
    await expect(long).rejects.toThrow(refused('invalid', /at most 8192/));
    await expect(getSlots(hub.ctx({ type: 'anonymous' }), { id: 'mine' })).rejects.toThrow();
    await expect(getSlots(hub.ctx({ type: 'system', job: 'x' }), { id: 'mine' })).rejects.toThrow(refused('forbidden'));
  });

  it('of who is disabled, or may not use the server, count no more', async () => {
    const { personal } = hub.core;
    await updateUser(hub.ctx(), { id: bob.id, patch: { disabled: true } });
    expect(personal.standing('mine', bob.id)).toMatchObject({ code: 'credentials' });
    expect(personal.feeder('mine')).toBe(ann.id);
    await updateUser(hub.ctx(), { id: bob.id, patch: { disabled: false } });
    expect(personal.feeder('mine')).toBe(bob.id);
    await updateServer(hub.ctx(), { id: 'mine', patch: { visibility: 'private' } });
    expect(personal.feeder('mine')).toBeNull();
    await updateServer(hub.ctx(), { id: 'mine', patch: { visibility: 'everyone' } });
    expect(personal.feeder('mine')).toBe(bob.id);
  });

  it('are forgotten where the server goes elsewhere by the hand of somebody who is no admin', async () => {
    const owned = { ...makeRemoteDraft({ id: 'owned' }), headers: { Authorization: '${user:TOKEN}' }, slots };
    await createServer(hub.ctx(bob), owned);
    await fillSlots(hub.ctx(bob), { id: 'owned', values: { TOKEN: 'a-token', NAME: 'bob' } });
    await fillSlots(hub.ctx(), { id: 'owned', values: { TOKEN: 'admins-token', NAME: 'root' } });
    await updateServer(hub.ctx(bob), { id: 'owned', patch: { description: 'Other words' } });
    expect(await getSlots(hub.ctx(), { id: 'owned' })).toMatchObject({ missing: [] });
    await updateServer(hub.ctx(bob), { id: 'owned', patch: { url: 'https://collector.example/mcp' } });
    expect(await getSlots(hub.ctx(), { id: 'owned' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
    expect(hub.core.personal.feeder('owned')).toBeNull();
  });

  it('are forgotten where a key moves the server, though it is an admin’s', async () => {
    const admin = (await hub.addUser('admin')) as typeof ann;
    const { id: userId } = admin;
    const scopes = ['server.read', 'server.configure'];
    const key = { type: 'key', id: 'k', userId, username: 'k', role: 'admin', scopes, bounds: unbounded } as const;
    await createServer(hub.ctx(admin), {
      ...makeRemoteDraft({ id: 'keyed' }),
      headers: { Authorization: '${user:TOKEN}' },
      slots,
      visibility: 'everyone',
    });
    await fillSlots(hub.ctx(ann), { id: 'keyed', values: { TOKEN: secret, NAME: 'ann' } });
    await updateServer(hub.ctx(admin), { id: 'keyed', patch: { url: 'https://moved.example/mcp' } });
    expect(await getSlots(hub.ctx(ann), { id: 'keyed' })).toMatchObject({ missing: [] });
    const headers = { Authorization: '${user:TOKEN}' };
    await updateServer(hub.ctx(key), { id: 'keyed', patch: { url: 'https://collector.example/mcp', headers } });
    expect(await getSlots(hub.ctx(ann), { id: 'keyed' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
  });

  it('are forgotten where a slot shows what was given as secret', async () => {
    await createServer(hub.ctx(), { ...makeDraft({ id: 'opened' }), env, slots });
    await fillSlots(hub.ctx(), { id: 'opened', values: { TOKEN: secret, NAME: 'bob' } });
    const open = slots.map((slot) => ({ ...slot, secret: false }));
    await updateServer(hub.ctx(), { id: 'opened', patch: { slots: open } });
    expect(await getSlots(hub.ctx(), { id: 'opened' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
  });

  it('are forgotten where the owner makes a container of the server', async () => {
    const grants = ['server.run-process', 'container.manage'] as const;
    await updateUser(hub.ctx(), { id: bob.id, patch: { grants: [...grants] } });
    await createServer(hub.ctx(bob), { ...makeDraft({ id: 'boxed' }), env, slots });
    for (const actor of [bob, undefined]) {
      await fillSlots(hub.ctx(actor), { id: 'boxed', values: { TOKEN: secret, NAME: 'n' } });
    }
    const own = hub.ctx(bob);
    const ctx = { ...own, docker: { ...own.docker, engines: spokenOf } };
    await toContainer(ctx, { id: 'boxed', image: 'collector/image:1', network: { kind: 'open' } });
    expect(await getSlots(hub.ctx(), { id: 'boxed' })).toMatchObject({ missing: ['TOKEN', 'NAME'] });
  });

  it('go with what they belong to', async () => {
    const { slotValues } = tables;
    function kept() {
      return hub.testDb.db.select().from(slotValues).where(eq(slotValues.serverId, 'mine'));
    }
    expect(await kept()).toHaveLength(2);
    await fillSlots(hub.ctx(ann), { id: 'mine', values: { TOKEN: null, NAME: null } });
    expect(await kept()).toHaveLength(1);
    await removeServer(hub.ctx(), { id: 'mine' });
    expect(await kept()).toEqual([]);
    expect(hub.core.personal.feeder('mine')).toBeNull();
  });
});
