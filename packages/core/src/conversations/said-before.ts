import type { Message } from '@switchboard/agents';
import type { Db } from '@switchboard/db';
import { loadRounds, messagesOf } from './messages.ts';
import { loadTree } from './tree.ts';

/** The messages up to and including a round, as models get them; none for null. */
export async function saidBefore(db: Db, conversationId: string, parentId: string | null): Promise<Message[]> {
  const path = (await loadTree(db, conversationId)).pathTo(parentId);
  return (await loadRounds(db, path)).flatMap(({ run, steps }) => messagesOf(run, steps));
}
