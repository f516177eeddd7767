import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'engine', order: 50, to: '/containers/engine', label: 'engines.title', lead: 'engines.lead' },
];
