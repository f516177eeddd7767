import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  component: part(() => import('./access-page.tsx'), 'AccessPage'),
});

export const routes = [access];
