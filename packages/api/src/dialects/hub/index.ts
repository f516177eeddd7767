import { dialectRouter } from '../kit/route.ts';
import * as alerts from './alerts.ts';
import * as audit from './audit.ts';
import * as auth from './auth.ts';
import * as config from './config.ts';
import * as groupServers from './group-servers.ts';
import * as groups from './groups.ts';
import * as jobs from './jobs.ts';
import * as keys from './keys.ts';
import { logs } from './logs.ts';
import * as members from './members.ts';
import * as metrics from './metrics.ts';
import * as mfa from './mfa.ts';
import { logs as logStream } from './monitoring-logs.ts';
import { status } from './monitoring.ts';
import * as servers from './servers.ts';
import * as users from './users.ts';
import * as webhooks from './webhooks.ts';

/** The hub API, in the order of its document. */
export const hubRouter = dialectRouter({
  servers: dialectRouter({ ...servers, logs }),
  users: dialectRouter(users),
  groups: dialectRouter(groups),
  members: dialectRouter(members),
  groupServers: dialectRouter(groupServers),
  auth: dialectRouter(auth),
  keys: dialectRouter(keys),
  mfa: dialectRouter(mfa),
  monitoring: dialectRouter({ status, ...metrics, logs: logStream }),
  config: dialectRouter(config),
  alerts: dialectRouter(alerts),
  audit: dialectRouter(audit),
  jobs: dialectRouter(jobs),
  webhooks: dialectRouter(webhooks),
});
