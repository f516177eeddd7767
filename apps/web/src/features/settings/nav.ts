import { Settings2 } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 120, to: '/settings', label: 'common.settings', icon: Settings2 },
];
