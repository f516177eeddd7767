import type { Message } from '@switchboard/agents';
import type { Db } from '@switchboard/db';
import { loadRounds, messagesOf } from './messages.ts';
import { loadTree } from './tree.ts';

/** What was said up to a round, this one included, as models are told it; nothing for null. */
export async function saidBefore(db: Db, conversationId: string, parentId: string | null): Promise<Message[]> {
  const path = (await loadTree(db, conversationId)).pathTo(parentId);
  return (await loadRounds(db, path)).flatMap(({ run, steps }) => messagesOf(run, steps));
}
