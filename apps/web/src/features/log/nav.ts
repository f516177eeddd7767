import { ListTree } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [{ group: 'rail', order: 74, to: '/log', label: 'log.title', icon: ListTree }];
