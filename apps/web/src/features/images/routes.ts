import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { sections } from '../../lib/places.ts';
import { ImagesSearch } from './search.ts';

const images = createRoute({
  getParentRoute: () => sections,
  path: '/containers/images',
  validateSearch: ImagesSearch,
  component: part(() => import('./images-page.tsx'), 'ImagesPage'),
});

export const routes = [images];
