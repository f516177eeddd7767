import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { CallsSearch } from './search.ts';

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  validateSearch: CallsSearch,
  component: part(() => import('./calls-page.tsx'), 'CallsPage'),
});

export const routes = [calls];
