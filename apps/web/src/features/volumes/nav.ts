import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  {
    group: 'engine',
    order: 30,
    to: '/containers/volumes',
    label: 'engine.section.volumes',
    lead: 'engine.lead.volumes',
  },
];
