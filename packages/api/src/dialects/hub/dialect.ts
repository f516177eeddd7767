import { world } from '../kit/example-world.ts';
import { routesOf } from '../kit/route.ts';

const { serverId, userId, groupId, keyId, jobId, alertId, webhookId, deliveryId } = world;

const fields = {
  kind: 'type',
  desired: 'enabled',
  disabled: 'enabled',
  timeoutMs: 'timeout',
  scopes: 'permissions',
  afterSeq: 'cursor',
};

export const route = routesOf({
  name: 'hub',
  fields,
  knowsQuery: true,
  shown: { serverId, userId, groupId, keyId, jobId, alertId, webhookId, deliveryId, key: 'smtp' },
});
