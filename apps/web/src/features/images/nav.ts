import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'engine', order: 20, to: '/containers/images', label: 'common.images', lead: 'images.lead' },
];
