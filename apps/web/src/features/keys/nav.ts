import { KeyRound } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 100, to: '/keys', label: 'nav.keys', icon: KeyRound, needs: 'createKey' },
];
