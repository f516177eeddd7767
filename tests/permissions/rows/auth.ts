import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'auth.me': { open: true },
  'auth.login': { open: true },
  'auth.register': { open: true },
  'auth.logout': { elsewhere: 'ends the session that asks: hub/page.test.ts' },
};

export const rest: Rows = {
  'containers.auth.register': { open: true },
  'containers.auth.token': { open: true },
  'containers.auth.me': { circle: 'signedIn', say: none },
  'hub.auth.login': { open: true },
  'hub.auth.refresh': { open: true },
  'hub.auth.logout': { elsewhere: 'ends the session that asks: compat/hub/tokens.test.ts' },
  'hub.auth.verify': { circle: 'signedIn', say: none },
};
