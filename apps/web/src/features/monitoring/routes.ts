import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root, server } from '../../lib/places.ts';
import { MonitoringSearch, TimeSearch } from './search.ts';

const monitoring = createRoute({
  getParentRoute: () => root,
  path: '/monitoring',
  validateSearch: MonitoringSearch,
  component: part(() => import('./monitoring-page.tsx'), 'MonitoringPage'),
});

const ofServer = createRoute({
  getParentRoute: () => server,
  path: '/charts',
  validateSearch: TimeSearch,
  component: part(() => import('./server-charts.tsx'), 'ServerCharts'),
});

export const routes = [monitoring, ofServer];
