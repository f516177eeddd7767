import { MessagesSquare } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 15, to: '/chat', label: 'conversations.title', icon: MessagesSquare },
];
