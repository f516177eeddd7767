import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { requireConversation } from '../conversations/queries.ts';
import type { ConversationRow } from '../conversations/rows.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { GenerationRow } from './rows.ts';
import type { GenerationType } from './schema.ts';

const { generations } = tables;

export async function findGeneration(db: Db, conversationId: string): Promise<GenerationRow | null> {
  const [row] = await db.select().from(generations).where(eq(generations.conversationId, conversationId));
  return row ?? null;
}

export function notMade(type: GenerationType): DomainError {
  return new DomainError('conflict', say(type === 'graph' ? 'noGraphMade' : 'noToolMade'));
}

/**
 * The generation in a conversation that the actor may use for this. Throws `conflict` where the conversation is
 * something else.
 */
export async function requireGeneration(
  ctx: Ctx,
  id: string,
  type: GenerationType | null,
  action: 'conversation.read' | 'conversation.write',
): Promise<{ conversation: ConversationRow; generation: GenerationRow }> {
  const conversation = await requireConversation(ctx, id, action);
  const generation = await findGeneration(ctx.db, id);
  if (!generation || (type !== null && generation.type !== type)) throw notMade(type ?? 'graph');
  return { conversation, generation };
}
