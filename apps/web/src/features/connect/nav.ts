import { Cable } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 40, to: '/connect', label: 'common.connect', icon: Cable },
  { group: 'server', order: 70, to: '/servers/$id/connect', label: 'common.connect' },
  { group: 'group', order: 30, to: '/groups/$id/connect', label: 'common.connect' },
];
