import { z } from 'zod';
import { tellCallback } from '../../claude/callback.ts';
import { jobType } from '../job-type.ts';

/** Posts the answer to a question to the callback that was given with it. */
export const tellClaudeJob = jobType({
  name: 'claude.tell',
  version: 1,
  input: z.object({ requestId: z.string() }),
  limits: {
    expireInSeconds: 60,
    heartbeatSeconds: 30,
    retryLimit: 5,
    retryDelaySeconds: 5,
    longestRetryDelaySeconds: 900,
  },
  atOnce: 4,
  run: (ctx, { requestId }) => tellCallback(ctx, requestId),
});
