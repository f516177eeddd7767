import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { sections } from '../../lib/places.ts';

const overview = createRoute({
  getParentRoute: () => sections,
  path: '/containers/engine',
  component: part(() => import('./engine-page.tsx'), 'EnginePage'),
});

export const routes = [overview];
