import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { Section } from '@switchboard/core/configuration/schema';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';
import { VersionSearch } from '../../lib/version-search.ts';

const configuration = createRoute({
  getParentRoute: () => root,
  path: '/settings/configuration',
  validateSearch: VersionSearch.extend({
    section: Section.optional().catch(undefined),
    history: z.literal(true).optional().catch(undefined),
  }),
  component: part(() => import('./configuration-page.tsx'), 'ConfigurationPage'),
});

const file = createRoute({
  getParentRoute: () => root,
  path: '/settings/file',
  component: part(() => import('./file-page.tsx'), 'FilePage'),
});

export const routes = [configuration, file];
