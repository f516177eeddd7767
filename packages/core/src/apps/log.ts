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
  if ('username' in actor) return actor.username;
  return actor.type === 'local' ? 'admin' : actor.type;
}

/** Writes what was done into the log of the documented API, in the transaction of the verb. */
export function logOperation(ctx: Ctx, operation: Operation): Promise<void> {
  return logOperations(ctx, [operation]);
}

/** Several of them at once. */
export async function logOperations(ctx: Ctx, operations: readonly Operation[]): Promise<void> {
  if (operations.length === 0) return;
  const who = {
    kind: 'operation' as const,
    userId: userIdOf(ctx.actor),
    username: storable(nameOf(ctx.actor), 200),
    address: ctx.address,
    createdAt: new Date(ctx.clock.now()),
  };
  await ctx.db.insert(tables.appLogs).values(
    operations.map(({ action, targetType, targetId = null, details = {} }) => ({
      ...who,
      action,
      targetType,
      targetId,
      details: storableJson(details),
    })),
  );
}
