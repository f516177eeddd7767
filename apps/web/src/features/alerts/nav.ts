import { BellRing } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 106, to: '/alerts', label: 'alerts.title', icon: BellRing },
];
