import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { and, asc, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { inTransaction, verb } from '../verb.ts';
import { deliverOnce } from './deliver.ts';
import { enqueue, payloadOf } from './outbox.ts';
import { sealSecret, toDelivery, toWebhook, type WebhookRow } from './rows.ts';
import {
  CreateWebhook,
  hiddenSecret,
  ListDeliveries,
  UpdateWebhook,
  WebhookById,
  type Delivery,
  type DeliveryPage,
  type Webhook,
} from './schema.ts';

const { webhooks, webhookDeliveries } = tables;

/** Each is posted to, so there are few. */
const mostWebhooks = 50;

async function requireWebhook(ctx: Ctx, id: string): Promise<WebhookRow> {
  const [row] = await ctx.db.select().from(webhooks).where(eq(webhooks.id, id));
  if (!row) throw new DomainError('not_found', say('noSuchWebhook', { id }), { value: id });
  return row;
}

async function requireDelivery(ctx: Ctx, id: string) {
  const [row] = await ctx.db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id));
  if (!row) throw new DomainError('not_found', say('noDelivery', { id }), { value: id });
  return row;
}

function requireReachable(ctx: Ctx, url: string, allowPrivate: boolean): void {
  const why = ctx.callbacks.refuse(url, allowPrivate || ctx.policy.allowPrivateUrls);
  if (why !== null) throw invalidField('url', say('callbackForbidden', { why }));
}

/** Every webhook, in the order they were made. */
export const listWebhooks = verb(
  { name: 'webhook.read', access: 'read', input: z.object({}) },
  async (ctx): Promise<Webhook[]> =>
    (await ctx.db.select().from(webhooks).orderBy(asc(webhooks.createdAt), asc(webhooks.id))).map(toWebhook),
);

export const getWebhook = verb(
  { name: 'webhook.read', access: 'read', input: WebhookById },
  async (ctx, { id }): Promise<Webhook> => toWebhook(await requireWebhook(ctx, id)),
);

/** Creates a webhook. Its secret is in this answer and in no other. */
export const createWebhook = verb(
  { name: 'webhook.manage', access: 'write', input: CreateWebhook },
  async (ctx, { secret: given, ...fields }): Promise<Webhook> => {
    const allowPrivate = may(ctx, 'server.run-process');
    requireReachable(ctx, fields.url, allowPrivate);
    if ((await ctx.db.$count(webhooks)) >= mostWebhooks)
      throw new DomainError('limit_exceeded', say('webhooksFull', { count: mostWebhooks }));
    const secret = given === undefined || given === hiddenSecret ? `whsec_${randomBytes(32).toString('hex')}` : given;
    const id = newId();
    const now = new Date(ctx.clock.now());
    const row = { id, ...fields, allowPrivate, secret: sealSecret(ctx, id, secret), createdAt: now, updatedAt: now };
    await ctx.db.insert(webhooks).values(row);
    ctx.audit({ id, details: { name: fields.name, origin: new URL(fields.url).origin, events: fields.events } });
    return { ...toWebhook(row), secret };
  },
);

/** Changes what is given; a masked secret stays as it is. */
export const updateWebhook = verb(
  { name: 'webhook.manage', access: 'write', input: UpdateWebhook },
  async (ctx, { id, patch }): Promise<Webhook> => {
    const before = await requireWebhook(ctx, id);
    const { secret, ...fields } = patch;
    const given = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    ) as Partial<WebhookRow>;
    const isNew = secret !== undefined && secret !== hiddenSecret;
    const allowPrivate = given.url === undefined ? before.allowPrivate : may(ctx, 'server.run-process');
    if (given.url !== undefined) requireReachable(ctx, given.url, allowPrivate);
    const after: WebhookRow = {
      ...before,
      ...given,
      allowPrivate,
      ...(isNew && { secret: sealSecret(ctx, id, secret) }),
      updatedAt: new Date(ctx.clock.now()),
    };
    await ctx.db.update(webhooks).set(after).where(eq(webhooks.id, id));
    ctx.audit({ id, details: { name: after.name, changed: [...Object.keys(given), ...(isNew ? ['secret'] : [])] } });
    return toWebhook(after);
  },
);

/** Removes a webhook with its deliveries; waiting ones are dropped. */
export const removeWebhook = verb(
  { name: 'webhook.manage', access: 'write', input: WebhookById },
  async (ctx, { id }): Promise<{ id: string }> => {
    const { name } = await requireWebhook(ctx, id);
    await ctx.db.delete(webhooks).where(eq(webhooks.id, id));
    ctx.audit({ id, details: { name, removed: true } });
    return { id };
  },
);

/** Lists the deliveries of a webhook, newest first. */
export const listDeliveries = verb(
  { name: 'webhook.read', access: 'read', input: ListDeliveries },
  async (ctx, { id, state, limit, cursor }): Promise<DeliveryPage> => {
    await requireWebhook(ctx, id);
    const rows = await ctx.db
      .select()
      .from(webhookDeliveries)
      .where(
        and(
          eq(webhookDeliveries.webhookId, id),
          state === undefined ? undefined : eq(webhookDeliveries.state, state),
          cursor === undefined ? undefined : lt(webhookDeliveries.id, cursor),
        ),
      )
      // Their ids are in the order of time.
      .orderBy(desc(webhookDeliveries.id))
      .limit(limit + 1);
    const items = rows.slice(0, limit).map(toDelivery);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },
);

/** Tells a webhook a test event, once and now, and gives how that went. */
export const testWebhook = verb(
  { name: 'webhook.manage', access: 'write', input: WebhookById, tx: false },
  async (ctx, { id }): Promise<Delivery> => {
    const { name } = await requireWebhook(ctx, id);
    const now = new Date(ctx.clock.now());
    const eventId = `evt_${randomUUIDv7()}`;
    const payload = payloadOf(eventId, { type: 'webhook.test', at: now, data: { webhookId: id, name }, metadata: {} });
    const delivery = { id: randomUUIDv7(), webhookId: id, eventId, type: 'webhook.test', payload, createdAt: now };
    await inTransaction(ctx, async (inner) => {
      await inner.db.insert(webhookDeliveries).values(delivery);
      inner.audit({ id, details: { name, tested: delivery.id } });
    });
    await deliverOnce(ctx, delivery.id);
    return toDelivery(await requireDelivery(ctx, delivery.id));
  },
);

/** Tells an event again: a new delivery with the same event, whose id the receiver knows. */
export const redeliver = verb(
  { name: 'webhook.manage', access: 'write', input: WebhookById },
  async (ctx, input): Promise<Delivery> => {
    const { webhookId, eventId, type, payload } = await requireDelivery(ctx, input.id);
    const id = await enqueue(ctx, webhookId, { eventId, type, payload });
    ctx.audit({ id: webhookId, details: { again: input.id, delivery: id } });
    return toDelivery(await requireDelivery(ctx, id));
  },
);
