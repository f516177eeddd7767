import { FlaskConical } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 30, to: '/playground', label: 'common.playground', icon: FlaskConical, needs: 'useServers' },
];
