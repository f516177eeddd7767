import { dialectRouter } from '../kit/route.ts';
import * as apps from './apps.ts';
import { changePassword, login, logout } from './auth.ts';
import * as llm from './llm.ts';
import * as logs from './logs.ts';
import * as prompts from './prompts.ts';
import * as tokens from './tokens.ts';
import * as transfer from './transfer.ts';

/** Management of simulated products, in the order of its document. */
export const simulatorRouter = dialectRouter({
  auth: dialectRouter({ login, logout, changePassword }),
  apps: dialectRouter({
    list: apps.list,
    create: apps.create,
    export: transfer.exported,
    import: transfer.imported,
    generate: transfer.generate,
    status: apps.status,
    get: apps.get,
    update: apps.update,
    patch: apps.patch,
    remove: apps.remove,
  }),
  tokens: dialectRouter({
    list: tokens.list,
    create: tokens.create,
    update: tokens.update,
    apps: tokens.apps,
    setApps: tokens.setApps,
    remove: tokens.remove,
  }),
  prompts: dialectRouter({ list: prompts.list, get: prompts.get, update: prompts.update }),
  llm: dialectRouter({ get: llm.get, save: llm.save, test: llm.test }),
  logs: dialectRouter({ list: logs.list, clear: logs.clear }),
});
