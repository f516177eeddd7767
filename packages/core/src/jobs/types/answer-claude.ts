import { z } from 'zod';
import { answerRequest } from '../../claude/answer.ts';
import { jobType } from '../job-type.ts';

/** Answers a question to Claude that waits. */
export const answerClaudeJob = jobType({
  name: 'claude.answer',
  version: 1,
  input: z.object({ requestId: z.string() }),
  // A turn takes an hour at most. Tries are for hubs that were killed: what the provider refuses is an end.
  limits: {
    expireInSeconds: 3_700,
    heartbeatSeconds: 30,
    retryLimit: 3,
    retryDelaySeconds: 2,
    longestRetryDelaySeconds: 60,
  },
  atOnce: 8,
  run: (ctx, { requestId }) => answerRequest(ctx, requestId),
});
