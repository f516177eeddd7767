import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { PlaygroundSearch } from './search.ts';

const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: PlaygroundSearch,
  component: part(() => import('./playground-page.tsx'), 'PlaygroundPage'),
});

export const routes = [playground];
