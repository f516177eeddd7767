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
  { group: 'server', order: 10, to: '/servers/$id', label: 'servers.tab.overview' },
  { group: 'server', order: 20, to: '/servers/$id/tools', label: 'servers.tab.tools' },
  { group: 'server', order: 30, to: '/servers/$id/resources', label: 'servers.tab.resources' },
  { group: 'server', order: 40, to: '/servers/$id/prompts', label: 'servers.tab.prompts' },
  { group: 'server', order: 50, to: '/servers/$id/logs', label: 'servers.tab.logs', needs: 'logs' },
  { group: 'server', order: 80, to: '/servers/$id/settings', label: 'servers.tab.settings' },
  { group: 'server', order: 90, to: '/servers/$id/history', label: 'servers.tab.history', needs: 'configure' },
];
