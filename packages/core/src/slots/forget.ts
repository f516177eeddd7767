import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { VerbCtx } from '../verb.ts';

/** Forgets what everybody filled in for a server. */
export async function forgetSlotValues(ctx: VerbCtx, serverId: string): Promise<void> {
  const { slotValues } = tables;
  const gone = await ctx.db
    .delete(slotValues)
    .where(eq(slotValues.serverId, serverId))
    .returning({ person: slotValues.person });
  if (gone.length === 0) return;
  ctx.audit({ id: serverId, details: { does: 'forget-slots', people: gone.length } });
  ctx.emit({ type: 'slots.changed', id: serverId, person: null });
}
