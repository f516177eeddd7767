import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { allowPruning, rollUp } from '../monitoring/series/roll.ts';
import { Retention } from './schema.ts';

const key = 'retention';
const dayMs = 86_400_000;
/** The number of rows that one statement removes; other queries run in between. */
const sliceRows = 5_000;
const pauseMs = 50;

/** How long history is kept. */
export async function readRetention(db: Db): Promise<Retention> {
  const [row] = await db.select().from(tables.settings).where(eq(tables.settings.key, key));
  const stored = Retention.safeParse(row?.value ?? {});
  return stored.success ? stored.data : Retention.parse({});
}

/**
 * Removes rows that are older than their retention, slice by slice, each in a transaction of its own; the database lets
 * nothing else remove history. Calls are counted in the time series first. Returns the number of removed rows; stops
 * between two slices when the signal aborts.
 */
export async function pruneHistory(db: Db, now: number, signal?: AbortSignal): Promise<number> {
  const { callsDays, auditDays } = await readRetention(db);
  await rollUp(db, now, signal);
  const callsBefore = new Date(await allowPruning(db, now - callsDays * dayMs)).toISOString();
  const auditBefore = new Date(now - auditDays * dayMs).toISOString();
  for (let total = 0; ;) {
    if (signal?.aborted) return total;
    const [row] = await db.execute<{ removed: string }>(
      sql`select prune_history(${callsBefore}::timestamptz, ${auditBefore}::timestamptz, ${sliceRows}) as removed`,
    );
    const removed = Number(row?.removed ?? 0);
    if (removed === 0) return total;
    total += removed;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
