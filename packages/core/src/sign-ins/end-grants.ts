import type { SQL } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { UpstreamGrant } from '@switchboard/mcp-runtime/types';
import type { VerbCtx } from '../verb.ts';
import { openGrant } from './store.ts';
import type { Target } from './target.ts';

/** Sign-ins whose end providers are told at a time; the rest ends with its tokens. */
const mostTold = 100;
const toldMs = 10_000;

/**
 * Takes sign-ins away within a transaction; once it is committed, whoever made them is told, and nobody waits for that. Says whether there were any.
 * A sign-in that a new one of the same person replaces is not meant: providers end both, where both are of one consent.
 */
export async function endGrants(ctx: VerbCtx, where: SQL): Promise<boolean> {
  const gone = await ctx.db.delete(tables.upstreamGrants).where(where).returning();
  const told = gone.slice(0, mostTold).flatMap((row) => {
    const target = ctx.signIns.target(row.serverId);
    return target === null ? [] : [{ target, grant: openGrant(ctx, row).grant }];
  });
  if (told.length > 0) ctx.afterwards(async () => void tellAll(ctx, told));
  return gone.length > 0;
}

async function tellAll(ctx: VerbCtx, told: readonly { target: Target; grant: UpstreamGrant }[]): Promise<void> {
  for (const { target, grant } of told) {
    const signal = AbortSignal.timeout(toldMs);
    await ctx.signIns.protocol.revoke({ ...target, grant, signal, step: () => undefined }).catch(() => undefined);
  }
}
