import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { UsersSearch } from './search.ts';

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: UsersSearch,
  component: part(() => import('./users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  component: part(() => import('./user-page.tsx'), 'UserPage'),
});

export const routes = [users, user];
