import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'engine', order: 50, to: '/containers/engine', label: 'engine.section.engine', lead: 'engine.lead.engine' },
];
