import { ShieldCheck } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'palette', order: 95, to: '/access', label: 'common.accessTable', icon: ShieldCheck },
];
