import { dialectRouter } from '../kit/route.ts';
import * as monitoring from './monitoring.ts';
import * as servers from './servers.ts';
import * as tools from './tools.ts';

/** The registry API, in the order of its document. */
export const registryRouter = dialectRouter({
  servers: dialectRouter({ ...servers }),
  tools: dialectRouter({ ...tools }),
  monitoring: dialectRouter({ ...monitoring }),
});
