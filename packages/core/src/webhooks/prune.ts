import { lt } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';

const keptDays = 14;

/** Forgets deliveries that are older than they are kept. */
export async function pruneDeliveries({ db, clock }: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now() - keptDays * 86_400_000);
  await db.delete(tables.webhookDeliveries).where(lt(tables.webhookDeliveries.createdAt, before));
}
