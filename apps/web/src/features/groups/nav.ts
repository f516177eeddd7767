import { Boxes } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 80, to: '/groups', label: 'common.groups', icon: Boxes },
];
