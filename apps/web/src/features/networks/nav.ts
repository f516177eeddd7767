import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  {
    group: 'engine',
    order: 40,
    to: '/containers/networks',
    label: 'common.networks',
    lead: 'networks.lead',
  },
];
