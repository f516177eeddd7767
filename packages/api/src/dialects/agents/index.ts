import { dialectRouter } from '../kit/route.ts';
import { create, get, list, remove, update } from './models.ts';

/** Seed 003 in the order of its document. */
export const agentsRouter = dialectRouter({
  models: dialectRouter({ list, get, create, update, remove }),
});
