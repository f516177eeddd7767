import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  {
    group: 'engine',
    order: 30,
    to: '/containers/volumes',
    label: 'common.volumes',
    lead: 'volumes.lead',
  },
];
