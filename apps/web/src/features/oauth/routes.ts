import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const consent = createRoute({
  getParentRoute: () => root,
  path: '/oauth/$uid',
  component: part(() => import('./consent-page.tsx'), 'ConsentPage'),
});

export const routes = [consent];
