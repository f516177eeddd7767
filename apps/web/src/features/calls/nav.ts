import { Activity } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 70, to: '/calls', label: 'calls.title', icon: Activity },
  { group: 'server', order: 60, to: '/servers/$id/calls', label: 'calls.title' },
];
