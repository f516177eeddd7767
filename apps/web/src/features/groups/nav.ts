import { Boxes } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 80, to: '/groups', label: 'common.groups', icon: Boxes },
  { group: 'group', order: 10, to: '/groups/$id', label: 'groups.tab.members' },
  { group: 'group', order: 20, to: '/groups/$id/servers', label: 'groups.tab.servers' },
  { group: 'group', order: 40, to: '/groups/$id/rights', label: 'groups.tab.rights' },
  { group: 'group', order: 50, to: '/groups/$id/settings', label: 'groups.tab.settings', needs: 'update' },
  { group: 'group', order: 60, to: '/groups/$id/history', label: 'groups.tab.history', needs: 'update' },
];
