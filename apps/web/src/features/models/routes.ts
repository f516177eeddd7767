import { createRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { part } from '../../lib/part.ts';
import { root } from '../../lib/places.ts';

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  component: part(() => import('./models-page.tsx'), 'ModelsPage'),
});

const budgets = createRoute({
  getParentRoute: () => root,
  path: '/models/budgets',
  validateSearch: z.object({
    month: z
      .string()
      .regex(/^[1-9]\d{3}-(?:0[1-9]|1[0-2])$/)
      .optional()
      .catch(undefined),
  }),
  component: part(() => import('./budgets-page.tsx'), 'BudgetsPage'),
});

export const routes = [models, budgets];
