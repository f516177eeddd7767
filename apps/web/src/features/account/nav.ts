import { CircleUser } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'palette', order: 10, to: '/account', label: 'common.account', icon: CircleUser },
];
