import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { LogSearch } from './search.ts';

const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: LogSearch,
  component: part(() => import('./log-page.tsx'), 'LogPage'),
});

export const routes = [log];
