import { z } from 'zod';
import { nameConversation } from '../../conversations/name.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Gives a conversation a title and tags after its first round. */
export const nameConversationJob = jobType({
  name: 'conversation.name',
  version: 1,
  input: z.object({ runId: z.string() }),
  // Where the model fails there is a title all the same: tries are for hubs that were killed.
  limits: { ...shortWork, retryLimit: 2 },
  atOnce: 4,
  run: (ctx, { runId }) => nameConversation(ctx, runId),
});
