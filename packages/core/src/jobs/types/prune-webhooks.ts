import { z } from 'zod';
import { pruneDeliveries } from '../../webhooks/prune.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Removes old deliveries of webhooks. */
export const pruneWebhooksJob = jobType({
  name: 'webhooks.prune',
  version: 1,
  input: z.object({}),
  limits: shortWork,
  alone: true,
  schedule: { cron: '41 * * * *', input: {} },
  run: (ctx) => pruneDeliveries(ctx),
});
