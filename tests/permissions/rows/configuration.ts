import { none } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'configuration.get': { circle: 'admins', say: none },
  'configuration.change': { circle: 'admins', say: () => ({ input: {} }) },
  'configuration.reset': { circle: 'admins', say: () => ({ input: { section: 'appearance' } }) },
  'configuration.versions': { circle: 'admins', say: () => ({ input: { section: 'appearance' } }) },
  'configuration.diff': {
    circle: 'admins',
    nowhere: true,
    say: () => ({ input: { section: 'smtp', from: 98, to: 99 } }),
  },
  'configuration.restore': {
    circle: 'admins',
    nowhere: true,
    say: () => ({ input: { section: 'smtp', number: 99 } }),
  },
  'configuration.exportFile': { circle: 'admins', say: () => ({ input: {} }) },
  'configuration.planFile': { circle: 'admins', say: () => ({ input: { text: 'version: 1' } }) },
  'configuration.applyFile': { circle: 'admins', say: () => ({ input: { text: 'version: 1' } }) },
  'configuration.test': { circle: 'admins', say: () => ({ input: { destination: 'slack' } }) },
};

export const rest: Rows = {
  'hub.config.get': { circle: 'admins', say: none },
  'hub.config.change': { circle: 'admins', say: () => ({ input: {} }) },
  'hub.config.reset': { circle: 'admins', say: () => ({ params: { key: 'appearance' } }) },
  'hub.config.test': { circle: 'admins', say: () => ({ input: { destination: 'slack' } }) },
};
