import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const simulator = createRoute({
  getParentRoute: () => root,
  path: '/simulator',
  component: part(() => import('./simulator-page.tsx'), 'SimulatorPage'),
});

export const routes = [simulator];
