import { createRoute } from '@tanstack/react-router';
import { part } from '../../lib/part.ts';
import { root, server } from '../../lib/places.ts';

const credentials = createRoute({
  getParentRoute: () => root,
  path: '/credentials',
  component: part(() => import('./credentials-page.tsx'), 'CredentialsPage'),
});

const ofServer = createRoute({
  getParentRoute: () => server,
  path: '/credentials',
  component: part(() => import('./server-credentials.tsx'), 'ServerCredentials'),
});

export const routes = [credentials, ofServer];
