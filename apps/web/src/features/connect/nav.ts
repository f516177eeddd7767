import { Cable } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 40, to: '/connect', label: 'common.connect', icon: Cable },
];
