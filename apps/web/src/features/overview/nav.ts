import { LayoutDashboard } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 10, to: '/', label: 'overview.title', icon: LayoutDashboard },
];
