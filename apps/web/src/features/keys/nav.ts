import { KeyRound } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 100, to: '/keys', label: 'keys.title', icon: KeyRound, needs: 'createKey' },
];
