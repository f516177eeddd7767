import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: z.object({ client: z.string().optional().catch(undefined) }),
  component: part(() => import('./connect-page.tsx'), 'ConnectPage'),
});

export const routes = [connect];
