import { Eye, MessagesSquare } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 15, to: '/chat', label: 'conversations.title', icon: MessagesSquare },
  {
    group: 'rail',
    order: 112,
    to: '/conversations',
    label: 'conversations.others.title',
    icon: Eye,
    needs: 'inspectConversations',
  },
  { group: 'group', order: 35, to: '/groups/$id/model-tools', label: 'conversations.rules.tab', needs: 'servers' },
];
