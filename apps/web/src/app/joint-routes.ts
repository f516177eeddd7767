import { createRoute } from '@tanstack/react-router';
import { group } from '../features/groups/routes.ts';
import { server } from '../features/servers/routes.ts';
import { part } from '../lib/part.ts';
import { root } from '../lib/places.ts';

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: part(() => import('./pages.tsx'), 'Overview'),
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

const groupConnect = createRoute({
  getParentRoute: () => group,
  path: '/connect',
  component: part(() => import('./pages.tsx'), 'GroupConnect'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: part(() => import('./pages.tsx'), 'Account'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: part(() => import('./pages.tsx'), 'Settings'),
});

/** Pages made of parts of several features, which do not know each other. */
export const jointRoutes = [overview, serverCalls, serverConnect, groupConnect, account, settings];
