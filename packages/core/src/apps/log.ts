import { tables } from '@switchboard/db';
import { userIdOf, type Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { storable, storableJson } from '../storable.ts';

interface Operation {
  /** A word of the documented API, such as `create_app`. */
  action: string;
  targetType: 'Application' | 'Token' | 'PromptTemplate' | 'LLMConfig' | 'User' | 'Log';
  targetId?: number | null;
  details?: Record<string, unknown>;
}

function nameOf(actor: Actor): string {
  if (actor.type === 'user' || actor.type === 'key') return actor.username;
  return actor.type === 'local' ? 'admin' : actor.type;
}

/** Writes what was done into the log of the documented API, in the transaction of the verb. */
export async function logOperation(
  ctx: Ctx,
  { action, targetType, targetId = null, details = {} }: Operation,
): Promise<void> {
  await ctx.db.insert(tables.appLogs).values({
    kind: 'operation',
    userId: userIdOf(ctx.actor),
    username: storable(nameOf(ctx.actor), 200),
    action,
    targetType,
    targetId,
    details: storableJson(details),
    address: ctx.address,
    createdAt: new Date(ctx.clock.now()),
  });
}
