import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'logs.list': { circle: 'signedIn', say: none },
  'logs.follow': {
    elsewhere: 'tells what logs.list gives, each record by the rights of then: core/logs/stream.test.ts',
  },
};

export const rest: Rows = {
  'hub.monitoring.logs': { circle: 'signedIn', say: none },
};
