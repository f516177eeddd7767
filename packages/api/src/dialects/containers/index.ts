import { dialectRouter } from '../kit/route.ts';
import { me, register, token } from './auth.ts';

/** Seed 000 in the order of its document. */
export const containersRouter = dialectRouter({ auth: dialectRouter({ register, token, me }) });
