import { z } from 'zod';
import { createKey, listKeys, revokeKey, updateKey } from '@switchboard/core/keys';
import { route } from './dialect.ts';
import { keys } from './examples-access.ts';
import { fromHubCreateKey, fromHubUpdateKey, toHubKey } from './map-keys.ts';
import { ok } from './map.ts';
import { ByKey, HubCreateKey, HubKey, HubKeys, HubNewKey, HubUpdateKey } from './wire-keys.ts';
import { envelope } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/api/auth/api-keys',
  summary: 'List API keys',
  description: 'One’s own; all for admins. The keys themselves are not stored, and never shown again.',
  beyond: true,
  verbs: [listKeys],
  errors: [401, 403, 429],
  example: { response: keys.list },
})
  .input(z.object({}))
  .output(envelope(HubKeys))
  .query(async ({ ctx }) => ok({ items: (await listKeys(ctx.core, {})).map(toHubKey) }));

export const create = route({
  method: 'POST',
  path: '/api/auth/api-keys',
  summary: 'Create an API key',
  description:
    'The key is in this answer and nowhere else. It can do no more than whoever made it, and ends with that account.',
  beyond: true,
  status: 201,
  verbs: [createKey],
  alsoNeeds: { 'metrics.read': 'for permissions that begin with `metrics.`' },
  errors: [400, 401, 403, 422, 429],
  example: {
    response: keys.created,
    body: { name: 'ci', permissions: ['servers:read'], expiresAt: '2030-01-01T00:00:00Z' },
  },
})
  .input(HubCreateKey)
  .output(envelope(HubNewKey))
  .mutation(async ({ ctx, input }) => {
    const created = await createKey(ctx.core, fromHubCreateKey(input));
    return ok({ ...toHubKey(created), key: created.key });
  });

export const update = route({
  method: 'PUT',
  path: '/api/auth/api-keys/{keyId}',
  summary: 'Change an API key',
  description: 'Missing fields keep their value.',
  beyond: true,
  verbs: [updateKey],
  errors: [400, 401, 403, 404, 422, 429],
  example: { body: { callsPerMinute: 60 }, response: keys.changed },
})
  .input(HubUpdateKey)
  .output(envelope(HubKey))
  .mutation(async ({ ctx, input }) => ok(toHubKey(await updateKey(ctx.core, fromHubUpdateKey(input)))));

export const revoke = route({
  method: 'DELETE',
  path: '/api/auth/api-keys/{keyId}',
  summary: 'Revoke an API key',
  beyond: true,
  verbs: [revokeKey],
  errors: [401, 403, 404, 429],
  example: { response: keys.revoked },
})
  .input(ByKey)
  .output(envelope(z.object({ id: z.string() })))
  .mutation(async ({ ctx, input }) => ok(await revokeKey(ctx.core, { id: input.keyId })));
