import { dialectRouter } from '../kit/route.ts';
import { login } from './auth.ts';
import { logs } from './logs.ts';
import { status } from './monitoring.ts';
import * as servers from './servers.ts';

/** Seed 001 in the order of its document. */
export const hubRouter = dialectRouter({
  servers: dialectRouter({ ...servers, logs }),
  auth: dialectRouter({ login }),
  monitoring: dialectRouter({ status }),
});
