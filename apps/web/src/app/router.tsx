import { createRoute, createRouter } from '@tanstack/react-router';
import { z } from 'zod';
import { CallsSearch } from '../features/calls/search.ts';
import { PlaygroundSearch } from '../features/playground/search.ts';
import { AddServerSearch, ItemsSearch, LogsSearch, ServersSearch } from '../features/servers/search.ts';
import { engineRoutes } from './engine-routes.tsx';
import { PageError } from './error-page.tsx';
import { part } from './part.ts';
import { peopleRoutes } from './people-routes.tsx';
import { root } from './root-route.tsx';

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: part(() => import('./pages.tsx'), 'Overview'),
});

const servers = createRoute({
  getParentRoute: () => root,
  path: '/servers',
  validateSearch: ServersSearch,
  component: part(() => import('../features/servers/servers-page.tsx'), 'ServersPage'),
});

const addServer = createRoute({
  getParentRoute: () => root,
  path: '/servers/new',
  validateSearch: AddServerSearch,
  component: part(() => import('../features/servers/add-server-page.tsx'), 'AddServerPage'),
});

const server = createRoute({
  getParentRoute: () => root,
  path: '/servers/$id',
  component: part(() => import('../features/servers/server-page.tsx'), 'ServerPage'),
});

const serverIndex = createRoute({
  getParentRoute: () => server,
  path: '/',
  component: part(() => import('../features/servers/server-overview.tsx'), 'ServerOverview'),
});

const itemsTab = part(() => import('../features/servers/items-tab.tsx'), 'ItemsTab');
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
  component: part(() => import('../features/servers/logs-tab.tsx'), 'LogsTab'),
});

const serverCalls = createRoute({
  getParentRoute: () => server,
  path: '/calls',
  component: part(() => import('./pages.tsx'), 'ServerCalls'),
});

const serverConnect = createRoute({
  getParentRoute: () => server,
  path: '/connect',
  component: part(() => import('./pages.tsx'), 'ServerConnect'),
});

const serverSettings = createRoute({
  getParentRoute: () => server,
  path: '/settings',
  component: part(() => import('../features/servers/settings-tab.tsx'), 'SettingsTab'),
});

const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: PlaygroundSearch,
  component: part(() => import('../features/playground/playground-page.tsx'), 'PlaygroundPage'),
});

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: z.object({ client: z.string().optional().catch(undefined) }),
  component: part(() => import('../features/connect/connect-page.tsx'), 'ConnectPage'),
});

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: CallsSearch,
  component: part(() => import('../features/calls/calls-page.tsx'), 'CallsPage'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: part(() => import('../features/keys/keys-page.tsx'), 'KeysPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: part(() => import('../features/settings/settings-page.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    servers,
    addServer,
    server.addChildren([serverIndex, tools, resources, prompts, logs, serverCalls, serverConnect, serverSettings]),
    playground,
    engineRoutes,
    connect,
    calls,
    keys,
    ...peopleRoutes,
    settings,
  ]),
  basepath: '/ui',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: PageError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
