import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'engine', order: 20, to: '/containers/images', label: 'engine.section.images', lead: 'engine.lead.images' },
];
