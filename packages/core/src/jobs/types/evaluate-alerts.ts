import { z } from 'zod';
import { evaluateAlerts } from '../../alerts/evaluate.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Looks every minute whether something is as an alert rule says. */
export const evaluateAlertsJob = jobType({
  name: 'alerts.evaluate',
  version: 1,
  input: z.object({}),
  // The next minute looks again.
  limits: { ...shortWork, retryLimit: 0, expireInSeconds: 120 },
  alone: true,
  schedule: { cron: '* * * * *', input: {} },
  run: (ctx) => evaluateAlerts(ctx),
});
