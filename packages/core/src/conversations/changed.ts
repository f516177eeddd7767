import type { Ctx } from '../context.ts';
import { findConversation, sightOf } from './queries.ts';

/** Tells pages that a conversation is another one now. */
export async function tellChanged(ctx: Ctx, id: string): Promise<void> {
  const row = await findConversation(ctx.db, id);
  if (!row) return;
  const event = { type: 'conversation.changed', id, sights: [sightOf(row)] } as const;
  ctx.events.emit(event);
  await ctx.hub.tellReplicas([event]);
}
