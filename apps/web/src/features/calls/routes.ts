import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root, server } from '../../lib/places.ts';
import { CallsSearch } from './search.ts';

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: CallsSearch,
  component: part(() => import('./calls-page.tsx'), 'CallsPage'),
});

const ofServer = createRoute({
  getParentRoute: () => server,
  path: '/calls',
  component: part(() => import('./server-calls.tsx'), 'ServerCalls'),
});

export const routes = [calls, ofServer];
