import { ChartLine } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 65, to: '/monitoring', label: 'monitoring.title', icon: ChartLine },
  { group: 'server', order: 55, to: '/servers/$id/charts', label: 'monitoring.charts' },
];
