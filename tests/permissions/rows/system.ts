import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'system.overview': { circle: 'signedIn', say: none },
  'system.info': { circle: 'signedIn', say: none },
  'monitoring.metrics': { circle: 'signedIn', say: none },
  'monitoring.top': { circle: 'signedIn', say: () => ({ input: { by: 'server' } }) },
  'monitoring.trends': { circle: 'signedIn', say: none },
  'monitoring.health': { circle: 'signedIn', say: none },
};

export const rest: Rows = {
  'hub.monitoring.status': { circle: 'signedIn', say: none },
  'hub.monitoring.metrics': { circle: 'signedIn', say: none },
  'hub.monitoring.serverHealth': { circle: 'signedIn', say: none },
  'hub.monitoring.throughput': { circle: 'signedIn', say: none },
  'hub.monitoring.health': { circle: 'signedIn', say: none },
  'hub.monitoring.dashboard': { circle: 'signedIn', say: none },
  'registry.monitoring.health': { circle: 'signedIn', say: none },
  'agents.system.shutDown': { elsewhere: 'only where the settings allow it: compat/agents/shutdown.test.ts' },
  'registry.monitoring.statistics': { circle: 'signedIn', say: none },
};
