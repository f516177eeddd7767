import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { part } from '../../lib/part.ts';
import { group, root, server } from '../../lib/places.ts';

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: z.object({ client: z.string().optional().catch(undefined) }),
  component: part(() => import('./connect-page.tsx'), 'ConnectPage'),
});

const toServer = createRoute({
  getParentRoute: () => server,
  path: '/connect',
  component: part(() => import('./server-connect.tsx'), 'ServerConnect'),
});

const toGroup = createRoute({
  getParentRoute: () => group,
  path: '/connect',
  component: part(() => import('./group-connect.tsx'), 'GroupConnect'),
});

export const routes = [connect, toServer, toGroup];
