import { createRoute } from '@tanstack/react-router';
import { part } from '../lib/part.ts';
import { root } from '../lib/places.ts';

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: part(() => import('./pages.tsx'), 'Overview'),
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
export const jointRoutes = [overview, account, settings];
