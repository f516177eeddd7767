import { none } from './kit.ts';
import type { Rows } from './row.ts';

/** There is none: an admin gets 404, and everybody else what they get of one that is there. */
const gone = 'no-such-webhook';
const hook = { name: 'hook', url: 'https://hooks.example.com/', events: ['server.*'] };

function byId() {
  return { input: { id: gone } };
}
function inPath() {
  return { params: { webhookId: gone } };
}

export const trpc: Rows = {
  'webhooks.list': { circle: 'admins', say: none },
  'webhooks.get': { circle: 'admins', nowhere: true, say: byId },
  'webhooks.create': { circle: 'admins', say: () => ({ input: hook }) },
  'webhooks.update': { circle: 'admins', nowhere: true, say: () => ({ input: { id: gone, patch: {} } }) },
  'webhooks.remove': { circle: 'admins', nowhere: true, say: byId },
  'webhooks.deliveries': { circle: 'admins', nowhere: true, say: byId },
  'webhooks.test': { circle: 'admins', nowhere: true, say: byId },
  'webhooks.redeliver': { circle: 'admins', nowhere: true, say: byId },
};

export const rest: Rows = {
  'hub.webhooks.list': { circle: 'admins', say: none },
  'hub.webhooks.get': { circle: 'admins', nowhere: true, say: inPath },
  'hub.webhooks.create': { circle: 'admins', say: () => ({ input: hook }) },
  'hub.webhooks.update': { circle: 'admins', nowhere: true, say: () => ({ ...inPath(), input: {} }) },
  'hub.webhooks.remove': { circle: 'admins', nowhere: true, say: inPath },
  'hub.webhooks.deliveries': { circle: 'admins', nowhere: true, say: inPath },
  'hub.webhooks.test': { circle: 'admins', nowhere: true, say: inPath },
  'hub.webhooks.redeliver': { circle: 'admins', nowhere: true, say: () => ({ params: { deliveryId: gone } }) },
};
