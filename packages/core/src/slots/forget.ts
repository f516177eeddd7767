import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import { may } from '../access/require.ts';
import { serverResource } from '../servers/queries.ts';
import type { ServerRow } from '../servers/rows.ts';
import { goesElsewhere } from '../servers/targets.ts';
import type { VerbCtx } from '../verb.ts';

/**
 * Forgets what everybody filled in for a server that has no slots any more, shows what was secret, or goes elsewhere. Whoever says where a server
 * is says who gets those values: only an admin who is signed in, and could read them anyway, moves them along.
 */
export async function forgetWhereMoved(ctx: VerbCtx, before: ServerRow, now: ServerRow): Promise<void> {
  if (before.slots.length === 0) return;
  const isKept =
    now.slots.length > 0 && !isOpened(before, now) && (mayKnow(ctx, now) || !goesElsewhere(ctx, before, now));
  if (!isKept) await forgetSlotValues(ctx, now.id);
}

/** Whether a slot shows its values from now on that were given as secret. */
function isOpened(before: ServerRow, now: ServerRow): boolean {
  const secret = new Set(before.slots.flatMap((slot) => (slot.secret ? [slot.name] : [])));
  return now.slots.some((slot) => !slot.secret && secret.has(slot.name));
}

/** A key or a client is shown no secrets, whoever it acts for. */
function mayKnow(ctx: VerbCtx, row: ServerRow): boolean {
  const subject = ctx.access.directory.subjectOf(ctx.actor);
  const isAdmin = subject.type === 'everything' || (subject.type === 'person' && subject.role === 'admin');
  return isAdmin && may(ctx, 'secret.reveal', serverResource(row));
}

/** Forgets what everybody filled in for a server. */
async function forgetSlotValues(ctx: VerbCtx, serverId: string): Promise<void> {
  const { slotValues } = tables;
  const gone = await ctx.db
    .delete(slotValues)
    .where(eq(slotValues.serverId, serverId))
    .returning({ person: slotValues.person });
  if (gone.length === 0) return;
  ctx.audit({ id: serverId, details: { does: 'forget-slots', people: gone.length } });
  ctx.emit({ type: 'slots.changed', id: serverId, person: null });
}
