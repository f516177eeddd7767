import { Users } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 90, to: '/users', label: 'users.title', icon: Users, needs: 'listUsers' },
];
