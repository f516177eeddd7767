import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { AuditSearch } from './search.ts';

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: AuditSearch,
  component: part(() => import('./audit-page.tsx'), 'AuditPage'),
});

export const routes = [audit];
