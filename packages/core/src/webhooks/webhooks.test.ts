import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { setRetention } from '../audit/verbs.ts';
import type { CallbackPost, Callbacks } from '../callbacks.ts';
import { createGroup, removeGroup } from '../groups/verbs.ts';
import { createServer, removeServer, updateServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeStatus, makeTestCore, type TestCore } from '../testing.ts';
import { deliver } from './deliver.ts';
import {
  createWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  redeliver,
  removeWebhook,
  testWebhook,
  updateWebhook,
} from './index.ts';
import { pruneDeliveries } from './prune.ts';

let hub: TestCore;
let posts: CallbackPost[] = [];
let answers: (() => Promise<{ status: number; body: string }>)[] = [];

/** The way out of a hub: the real one has its test with real receivers, in tests/compat/hub/webhooks.test.ts. */
const callbacks: Callbacks = {
  refuse: (url) => (url.includes('forbidden') ? 'it is forbidden' : null),
  post: () => Promise.resolve(200),
  exchange(post) {
    posts.push(post);
    return answers.shift()?.() ?? Promise.resolve({ status: 204, body: '' });
  },
};
const draft = { name: 'ops', url: 'https://hooks.example.com/x', events: ['*' as const] };

function ctx(actor = hub.admin) {
  return { ...hub.core.ctxFor(actor), callbacks };
}
async function told(id: string) {
  return (await listDeliveries(ctx(), { id })).items;
}

beforeAll(async () => {
  hub = await makeTestCore();
});
beforeEach(async () => {
  await hub.testDb.db.delete(tables.webhooks);
  [posts, answers] = [[], []];
});
afterAll(() => hub.close());

describe('webhooks', () => {
  it('show their secret once, store it sealed, and keep it where the mask is written back', async () => {
    const made = await createWebhook(ctx(), { ...draft, secret: 'planted-secret-value' });
    expect(made).toMatchObject({ ...draft, enabled: true, secret: 'planted-secret-value' });
    expect(await getWebhook(ctx(), { id: made.id })).toMatchObject({ secret: '***' });
    await updateWebhook(ctx(), { id: made.id, patch: { name: 'other', secret: '***' } });
    expect(await listWebhooks(ctx(), {})).toMatchObject([{ name: 'other', secret: '***' }]);
    const stored = JSON.stringify([
      await hub.testDb.db.select().from(tables.webhooks),
      await hub.testDb.db.select().from(tables.audit),
    ]);
    expect(stored).not.toContain('planted');
    await testWebhook(ctx(), { id: made.id });
    const [post] = posts;
    const signature = createHmac('sha256', 'planted-secret-value')
      .update(post?.body ?? '')
      .digest('hex');
    expect(post?.headers['x-mcphub-signature-256']).toBe(`sha256=${signature}`);
    expect((await createWebhook(ctx(), draft)).secret).toMatch(/^whsec_[0-9a-f]{64}$/);
  });

  it('are for admins, and for addresses that may be reached', async () => {
    const user = await hub.addUser('manager');
    await expect(listWebhooks(ctx(user), {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(createWebhook(ctx(user), draft)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(createWebhook(ctx(), { ...draft, url: 'https://forbidden.example' })).rejects.toMatchObject({
      code: 'invalid',
    });
    for (const url of ['ftp://x.example', 'javascript:1', 'nothing']) {
      await expect(createWebhook(ctx(), { ...draft, url })).rejects.toMatchObject({ code: 'invalid' });
    }
    const { id } = await createWebhook(ctx(), draft);
    const patch = { url: 'https://forbidden.example' };
    await expect(updateWebhook(ctx(), { id, patch })).rejects.toMatchObject({ code: 'invalid' });
    await expect(removeWebhook(ctx(), { id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(redeliver(ctx(), { id: 'gone' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what happens', () => {
  it('is written down with the change, for those who want to know', async () => {
    const all = await createWebhook(ctx(), draft);
    const groups = await createWebhook(ctx(), { ...draft, events: ['group.*'] });
    const off = await createWebhook(ctx(), { ...draft, enabled: false });
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'told' }));
    await updateServer(hub.ctx(), { id: 'told', patch: { description: 'x' } });
    await createGroup(hub.ctx(), { name: 'told-group' });
    await removeGroup(hub.ctx(), { id: 'told-group' });
    await removeServer(hub.ctx(), { id: 'told' });
    await setRetention(hub.ctx(), { callsDays: 10 });
    const types = (await told(all.id)).map(({ type }) => type).toReversed();
    expect(types.filter((type) => type !== 'server.status_changed')).toEqual([
      'server.created',
      'server.updated',
      'group.created',
      'group.deleted',
      'server.deleted',
      'config.changed',
    ]);
    expect((await told(groups.id)).map(({ type }) => type)).toEqual(['group.deleted', 'group.created']);
    expect(await told(off.id)).toEqual([]);
    const [created] = (await told(all.id)).toReversed();
    expect(JSON.parse(created?.request ?? '')).toMatchObject({
      id: created?.eventId,
      type: 'server.created',
      timestamp: expect.stringMatching(/Z$/),
      version: '1.0',
      data: { serverId: 'told', action: 'server.create' },
      metadata: { actor: { username: 'admin' } },
    });
  });

  it('is not told where the change came to nothing', async () => {
    const { id } = await createWebhook(ctx(), draft);
    await createGroup(hub.ctx(), { name: 'twice' });
    await expect(createGroup(hub.ctx(), { name: 'twice' })).rejects.toThrow();
    expect((await told(id)).map(({ type }) => type)).toEqual(['group.created']);
  });

  it('is also what servers do by themselves', async () => {
    const { id } = await createWebhook(ctx(), draft);
    hub.runtime.tell({
      type: 'status',
      status: makeStatus('alone', { phase: 'error', error: 'x' }),
      previous: 'running',
    });
    await expect.poll(async () => (await told(id)).length).toBe(1);
    expect(JSON.parse((await told(id))[0]?.request ?? '')).toMatchObject({
      type: 'server.status_changed',
      data: { serverId: 'alone', status: 'error', previousStatus: 'running', error: 'x' },
    });
  });
});

describe('a delivery', () => {
  async function waiting() {
    const { id } = await createWebhook(ctx(), draft);
    await createGroup(hub.ctx(), { name: `g-${id.toLowerCase().replace(/[^a-z0-9]/g, '')}` });
    const [delivery] = await told(id);
    if (!delivery) throw new Error('Nothing was written down.');
    return { id, delivery };
  }

  it('keeps what was answered, and is posted once', async () => {
    const { id, delivery } = await waiting();
    answers = [() => Promise.resolve({ status: 200, body: 'thank you\0' })];
    await deliver(ctx(), delivery.id);
    await deliver(ctx(), delivery.id);
    expect(posts).toHaveLength(1);
    expect(await told(id)).toMatchObject([
      { state: 'delivered', status: 200, answer: 'thank you', attempts: 1, error: null },
    ]);
  });

  it('is tried four times, and has failed then', async () => {
    const { id, delivery } = await waiting();
    answers = [
      () => Promise.resolve({ status: 302, body: 'elsewhere' }),
      () => Promise.reject(new Error('no way')),
      () => Promise.resolve({ status: 500, body: '' }),
      () => Promise.resolve({ status: 500, body: 'x'.repeat(50_000) }),
    ];
    await expect(deliver(ctx(), delivery.id)).rejects.toThrow(/302/);
    await expect(deliver(ctx(), delivery.id)).rejects.toThrow(/no way/);
    await expect(deliver(ctx(), delivery.id)).rejects.toThrow(/500/);
    expect(await told(id)).toMatchObject([{ state: 'waiting', attempts: 3 }]);
    await deliver(ctx(), delivery.id);
    const [last] = await told(id);
    expect(last).toMatchObject({ state: 'failed', attempts: 4, status: 500 });
    expect(last?.answer?.length).toBeLessThan(10_000);
    await deliver(ctx(), delivery.id);
    expect(posts).toHaveLength(4);
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    const again = await redeliver(ctx(), { id: delivery.id });
    expect(again).toMatchObject({ eventId: delivery.eventId, state: 'waiting', attempts: 0 });
    expect(again.id).not.toBe(delivery.id);
    await deliver(ctx(), again.id);
    expect((await told(id)).map(({ state }) => state)).toEqual(['delivered', 'failed']);
    expect(posts.at(-1)?.body).toBe(posts[0]?.body);
  });

  it('of a webhook that was switched off is told to nobody', async () => {
    const { id, delivery } = await waiting();
    await updateWebhook(ctx(), { id, patch: { enabled: false } });
    await deliver(ctx(), delivery.id);
    expect(posts).toEqual([]);
    expect(await told(id)).toMatchObject([{ state: 'failed' }]);
  });

  it('is read page by page, and forgotten after its time', async () => {
    const { id } = await createWebhook(ctx(), draft);
    for (let n = 0; n < 5; n += 1) await testWebhook(ctx(), { id });
    const first = await listDeliveries(ctx(), { id, limit: 3 });
    const rest = await listDeliveries(ctx(), { id, limit: 3, cursor: first.nextCursor ?? '' });
    expect(rest.nextCursor).toBeNull();
    expect(new Set([...first.items, ...rest.items].map((one) => one.id)).size).toBe(5);
    expect((await listDeliveries(ctx(), { id, state: 'failed' })).items).toEqual([]);
    hub.clock.advance(13 * 86_400_000);
    await pruneDeliveries(ctx());
    expect(await told(id)).toHaveLength(5);
    hub.clock.advance(2 * 86_400_000);
    await pruneDeliveries(ctx());
    expect(await told(id)).toEqual([]);
  });
});
