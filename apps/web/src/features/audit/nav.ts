import { ScrollText } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 110, to: '/audit', label: 'audit.title', icon: ScrollText },
];
