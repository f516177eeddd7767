import { z } from 'zod';
import { nameConversation } from '../../conversations/name.ts';
import { jobType, shortWork } from '../job-type.ts';

/** Gives a conversation a title and tags after its first round. */
export const nameConversationJob = jobType({
  name: 'conversation.name',
  version: 1,
  input: z.object({ runId: z.string() }),
  // A failing model still leaves a title: the retries are for hubs that were killed.
  limits: { ...shortWork, retryLimit: 2 },
  atOnce: 4,
  run: (ctx, { runId }) => nameConversation(ctx, runId),
});
