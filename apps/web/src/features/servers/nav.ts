import { Plus, Server } from 'lucide-react';
import type { NavEntry } from '../../lib/navigation.ts';

export const nav: readonly NavEntry[] = [
  { group: 'rail', order: 20, to: '/servers', label: 'common.servers', icon: Server },
  { group: 'do', order: 10, to: '/servers/new', label: 'servers.add', icon: Plus, needs: 'createServer' },
  {
    group: 'do',
    order: 20,
    to: '/servers/new',
    search: { from: 'config' },
    label: 'servers.pasteConfig',
    icon: Plus,
    needs: 'createServer',
  },
];
