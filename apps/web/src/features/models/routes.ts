import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  component: part(() => import('./models-page.tsx'), 'ModelsPage'),
});

export const routes = [models];
