import { z } from 'zod';
import {
  createWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  redeliver as tellAgain,
  removeWebhook,
  testWebhook,
  updateWebhook,
} from '@switchboard/core/webhooks';
import {
  CreateWebhook,
  deliveryStates,
  eventFamilies,
  type Delivery,
  UpdateWebhook,
  type Webhook,
  webhookEvents,
} from '@switchboard/core/webhooks/schema';
import { world } from '../kit/example-world.ts';
import { wholeNumber, wordOf } from '../kit/words.ts';
import { route } from './dialect.ts';
import { answer } from './examples.ts';
import { given, iso, ok } from './map.ts';
import { envelope } from './wire.ts';

const HubWebhook = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    enabled: z.boolean(),
    secret: z.string().meta({ description: 'As it is in the answer that made it, and `***` in all others' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'HubWebhook' });

const HubDelivery = z
  .object({
    id: z.string().meta({ description: '`X-MCPHub-Delivery` of the request' }),
    webhookId: z.string(),
    eventId: z.string().meta({ description: '`id` of the payload: the same each time that this event is told' }),
    type: z.string(),
    state: z.enum(deliveryStates).meta({ description: '`waiting`: for its first or another try' }),
    attempts: z.int().meta({ description: 'How often it was tried' }),
    request: z.string().meta({ description: 'The body, as it is posted and signed' }),
    status: z.int().nullable().meta({ description: 'Of the last answer; null: there was none' }),
    response: z.string().nullable().meta({ description: 'The beginning of the last answer; null: there was none' }),
    error: z.string().nullable().meta({ description: 'Why the last try failed; null: it did not, or there was none' }),
    durationMs: z.number().nullable().meta({ description: 'Of the last try; null: there was none' }),
    attemptedAt: z.iso.datetime().nullable().meta({ description: 'Of the last try; null: there was none' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'HubWebhookDelivery' });

const HubDeliveries = z.object({
  items: z.array(HubDelivery).meta({ description: 'Newest first' }),
  pagination: z.object({
    limit: z.int().meta({ description: 'Most of one page' }),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` for older ones; null: no more' }),
  }),
});

const byWebhook = { webhookId: z.string().max(128).meta({ description: 'Id of a webhook' }) };
const ByWebhook = z.object(byWebhook);
const ByDelivery = z.object({ deliveryId: z.string().max(128).meta({ description: 'Id of a delivery' }) });

const eventWords = `Any of ${[...webhookEvents, ...eventFamilies].map((word) => `\`${word}\``).join(', ')}`;
const told =
  'Each event is posted as JSON: `id`, `type`, `timestamp`, `version`, `data` and `metadata`. ' +
  '`X-MCPHub-Signature-256` is `sha256=` and the HMAC-SHA-256 of the body with the secret, in hex. What does not answer ' +
  '200 to 299 within 30 seconds is tried three times more, with growing pauses. An event may come twice: its `id` is the same.';

const hook = {
  id: world.webhookId,
  name: '运维通知',
  url: 'https://hooks.example.com/mcphub',
  events: ['server.*', 'system.error'],
  enabled: true,
  secret: '***',
  createdAt: world.before,
  updatedAt: world.now,
};
const delivery = {
  id: world.deliveryId,
  webhookId: hook.id,
  eventId: 'evt_0192f0c1-7e19-7000-8000-000000000001',
  type: 'server.created',
  state: 'delivered',
  attempts: 1,
  request: '{"id":"evt_0192f0c1-7e19-7000-8000-000000000001","type":"server.created"}',
  status: 200,
  response: 'ok',
  error: null,
  durationMs: 42,
  attemptedAt: world.now,
  createdAt: world.now,
};

function toHubWebhook({ createdAt, updatedAt, ...webhook }: Webhook) {
  return { ...webhook, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}

function toHubDelivery({ answer: response, attemptedAt, createdAt, ...one }: Delivery) {
  return { ...one, response, attemptedAt: attemptedAt && iso(attemptedAt), createdAt: iso(createdAt) };
}

export const list = route({
  method: 'GET',
  path: '/api/webhooks',
  summary: 'List webhooks',
  description: told,
  beyond: true,
  verbs: [listWebhooks],
  errors: [401, 403, 429],
  example: { response: answer({ items: [hook] }) },
})
  .input(z.object({}))
  .output(envelope(z.object({ items: z.array(HubWebhook) })))
  .query(async ({ ctx }) => ok({ items: (await listWebhooks(ctx.core, {})).map(toHubWebhook) }));

export const create = route({
  method: 'POST',
  path: '/api/webhooks',
  summary: 'Create a webhook',
  description: `${told} The secret is in this answer and in no other; one is made where none is given.`,
  beyond: true,
  status: 201,
  verbs: [createWebhook],
  errors: [400, 401, 403, 422, 429],
  example: {
    body: { name: hook.name, url: hook.url, events: hook.events },
    response: answer({ ...hook, secret: 'whsec_3f5c0e6d' }),
  },
})
  .input(
    CreateWebhook.extend({
      events: CreateWebhook.shape.events.meta({ description: eventWords }),
      secret: CreateWebhook.shape.secret.meta({ description: '8 to 256 characters' }),
    }),
  )
  .output(envelope(HubWebhook))
  .mutation(async ({ ctx, input }) => ok(toHubWebhook(await createWebhook(ctx.core, input))));

export const get = route({
  method: 'GET',
  path: '/api/webhooks/{webhookId}',
  summary: 'Show a webhook',
  beyond: true,
  verbs: [getWebhook],
  errors: [401, 403, 404, 429],
  example: { response: answer(hook) },
})
  .input(ByWebhook)
  .output(envelope(HubWebhook))
  .query(async ({ ctx, input }) => ok(toHubWebhook(await getWebhook(ctx.core, { id: input.webhookId }))));

export const update = route({
  method: 'PUT',
  path: '/api/webhooks/{webhookId}',
  summary: 'Change a webhook',
  description: 'Missing fields keep their value, and so does a secret that is `***`.',
  beyond: true,
  verbs: [updateWebhook],
  errors: [400, 401, 403, 404, 422, 429],
  example: { body: { enabled: false }, response: answer({ ...hook, enabled: false }) },
})
  .input(
    UpdateWebhook.shape.patch.extend({
      ...byWebhook,
      events: UpdateWebhook.shape.patch.shape.events.meta({ description: eventWords }),
    }),
  )
  .output(envelope(HubWebhook))
  .mutation(async ({ ctx, input: { webhookId, ...patch } }) =>
    ok(toHubWebhook(await updateWebhook(ctx.core, { id: webhookId, patch: given(patch) }))),
  );

export const remove = route({
  method: 'DELETE',
  path: '/api/webhooks/{webhookId}',
  summary: 'Remove a webhook and its deliveries',
  beyond: true,
  verbs: [removeWebhook],
  errors: [401, 403, 404, 429],
  example: { response: answer({ id: hook.id }) },
})
  .input(ByWebhook)
  .output(envelope(z.object({ id: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await removeWebhook(ctx.core, { id: input.webhookId })));

export const deliveries = route({
  method: 'GET',
  path: '/api/webhooks/{webhookId}/deliveries',
  summary: 'List what a webhook was told',
  description: 'With request and answer, for 14 days.',
  beyond: true,
  verbs: [listDeliveries],
  errors: [400, 401, 403, 404, 422, 429],
  example: {
    response: answer({ items: [delivery], pagination: { limit: 50, hasMore: false, nextCursor: null } }),
  },
})
  .input(
    z.object({
      ...byWebhook,
      state: wordOf(deliveryStates).optional().meta({ description: 'Only deliveries that are so' }),
      limit: wholeNumber(1).default(50).meta({ description: 'At most 200; more counts as 200' }),
      cursor: z.string().max(128).optional().meta({ description: '`nextCursor` of the answer before' }),
    }),
  )
  .output(envelope(HubDeliveries))
  .query(async ({ ctx, input: { webhookId, ...rest } }) => {
    const limit = Math.min(rest.limit, 200);
    const { items, nextCursor } = await listDeliveries(ctx.core, { ...given(rest), id: webhookId, limit });
    return ok({
      items: items.map(toHubDelivery),
      pagination: { limit, hasMore: nextCursor !== null, nextCursor },
    });
  });

export const test = route({
  method: 'POST',
  path: '/api/webhooks/{webhookId}/test',
  summary: 'Tell a webhook a test event',
  description: 'Now and once: the answer says how it went.',
  beyond: true,
  verbs: [testWebhook],
  errors: [401, 403, 404, 429],
  example: { response: answer({ ...delivery, type: 'webhook.test' }) },
})
  .input(ByWebhook)
  .output(envelope(HubDelivery))
  .mutation(async ({ ctx, input }) => ok(toHubDelivery(await testWebhook(ctx.core, { id: input.webhookId }))));

export const redeliver = route({
  method: 'POST',
  path: '/api/webhooks/{deliveryId}/redeliver',
  summary: 'Tell an event again',
  description: 'Makes a new delivery of the same event, with the same `eventId` and body.',
  beyond: true,
  status: 202,
  verbs: [tellAgain],
  errors: [401, 403, 404, 429],
  example: { response: answer({ ...delivery, state: 'waiting', attempts: 0, status: null, response: null }) },
})
  .input(ByDelivery)
  .output(envelope(HubDelivery))
  .mutation(async ({ ctx, input }) => ok(toHubDelivery(await tellAgain(ctx.core, { id: input.deliveryId }))));
