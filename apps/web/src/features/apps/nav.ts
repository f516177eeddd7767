import { TestTubes } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 36, to: '/simulator', label: 'apps.title', icon: TestTubes },
];
