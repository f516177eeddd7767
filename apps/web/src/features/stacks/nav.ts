import { Layers2 } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 60, to: '/stacks', label: 'stacks.title', icon: Layers2, needs: 'manageContainers' },
];
