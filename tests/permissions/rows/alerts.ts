import { none } from './kit.ts';
import type { Rows } from './row.ts';

const nowhere = 'no-such-alert';

export const trpc: Rows = {
  'alerts.list': { circle: 'signedIn', say: none },
  'alerts.acknowledge': { elsewhere: 'who may operate the server: alerts.test.ts' },
  'alerts.rules': { circle: 'admins', say: none },
  'alerts.createRule': {
    circle: 'admins',
    say: () => ({ input: { name: 'Watched', kind: 'server-failing', enabled: false } }),
  },
  'alerts.changeRule': { circle: 'admins', nowhere: true, say: () => ({ input: { id: nowhere, enabled: false } }) },
  'alerts.removeRule': { circle: 'admins', nowhere: true, say: () => ({ input: { id: nowhere } }) },
};

export const rest: Rows = {
  'hub.alerts.list': { circle: 'signedIn', say: none },
  'hub.alerts.acknowledge': { elsewhere: 'who may operate the server: alerts.test.ts' },
};
