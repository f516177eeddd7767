import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { sections } from '../../lib/places.ts';
import { NetworksSearch } from './search.ts';

const networks = createRoute({
  getParentRoute: () => sections,
  path: '/containers/networks',
  validateSearch: NetworksSearch,
  component: part(() => import('./networks-page.tsx'), 'NetworksPage'),
});

export const routes = [networks];
