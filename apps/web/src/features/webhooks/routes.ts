import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

/** `webhook`: whose deliveries are shown. */
const WebhooksSearch = z.object({ webhook: z.string().optional().catch(undefined) });

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  validateSearch: WebhooksSearch,
  component: part(() => import('./webhooks-page.tsx'), 'WebhooksPage'),
});

export const routes = [webhooks];
