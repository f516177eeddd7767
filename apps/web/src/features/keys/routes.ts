import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: part(() => import('./keys-page.tsx'), 'KeysPage'),
});

export const routes = [keys];
