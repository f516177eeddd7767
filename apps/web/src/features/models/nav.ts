import { Sparkles } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 35, to: '/models', label: 'models.title', icon: Sparkles },
];
