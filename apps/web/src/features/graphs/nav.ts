import { Workflow } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 34, to: '/graphs', label: 'graphs.title', icon: Workflow },
];
