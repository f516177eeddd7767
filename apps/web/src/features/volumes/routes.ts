import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { sections } from '../../lib/places.ts';
import { VolumesSearch } from './search.ts';

const volumes = createRoute({
  getParentRoute: () => sections,
  path: '/containers/volumes',
  validateSearch: VolumesSearch,
  component: part(() => import('./volumes-page.tsx'), 'VolumesPage'),
});

export const routes = [volumes];
