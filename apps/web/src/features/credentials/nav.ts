import { KeyRound } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'palette', order: 45, to: '/credentials', label: 'credentials.title', icon: KeyRound },
];
