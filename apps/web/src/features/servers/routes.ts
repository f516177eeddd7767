import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root, server } from '../../lib/places.ts';
import { VersionSearch } from '../../lib/version-search.ts';
import { AddServerSearch, ItemsSearch, LogsSearch, ServersSearch } from './search.ts';

const servers = createRoute({
  getParentRoute: () => root,
  path: '/servers',
  validateSearch: ServersSearch,
  component: part(() => import('./servers-page.tsx'), 'ServersPage'),
});

const addServer = createRoute({
  getParentRoute: () => root,
  path: '/servers/new',
  validateSearch: AddServerSearch,
  component: part(() => import('./add-server-page.tsx'), 'AddServerPage'),
});

server.update({ component: part(() => import('./server-page.tsx'), 'ServerPage') });

const overview = createRoute({
  getParentRoute: () => server,
  path: '/',
  component: part(() => import('./server-overview.tsx'), 'ServerOverview'),
});

const itemsTab = part(() => import('./items-tab.tsx'), 'ItemsTab');
const tools = createRoute({
  getParentRoute: () => server,
  path: '/tools',
  validateSearch: ItemsSearch,
  component: itemsTab,
});
const resources = createRoute({
  getParentRoute: () => server,
  path: '/resources',
  validateSearch: ItemsSearch,
  component: itemsTab,
});
const prompts = createRoute({
  getParentRoute: () => server,
  path: '/prompts',
  validateSearch: ItemsSearch,
  component: itemsTab,
});

const logs = createRoute({
  getParentRoute: () => server,
  path: '/logs',
  validateSearch: LogsSearch,
  component: part(() => import('./logs-tab.tsx'), 'LogsTab'),
});

const history = createRoute({
  getParentRoute: () => server,
  path: '/history',
  validateSearch: VersionSearch,
  component: part(() => import('./history-tab.tsx'), 'ServerHistoryTab'),
});

const settings = createRoute({
  getParentRoute: () => server,
  path: '/settings',
  component: part(() => import('./settings-tab.tsx'), 'SettingsTab'),
});

export const routes = [servers, addServer, overview, tools, resources, prompts, logs, history, settings];
