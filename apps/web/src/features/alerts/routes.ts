import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { AlertsSearch } from './search.ts';

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: AlertsSearch,
  component: part(() => import('./alerts-page.tsx'), 'AlertsPage'),
});

export const routes = [alerts];
