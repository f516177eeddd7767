import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { readRetention } from '../audit/retention.ts';
import { allowPruning, rollUp } from '../monitoring/series/roll.ts';
import { dayOf } from './periods.ts';

const dayMs = 86_400_000;
/** The number of rows that one statement removes; turns run in between. */
const sliceRows = 5_000;
/** Figures by day are few, and years are compared. */
const daysOfFigures = 3 * 366;

/** Removes turns that are older than calls are kept, and figures of days long gone; gives how many turns went. */
export async function pruneModelTurns(db: Db, now: number, signal?: AbortSignal): Promise<number> {
  const { callsDays } = await readRetention(db);
  await rollUp(db, now, signal);
  const before = new Date(await allowPruning(db, now - callsDays * dayMs)).toISOString();
  await db.execute(sql`delete from model_days where day < ${dayOf(now - daysOfFigures * dayMs)}::date`);
  for (let total = 0; ;) {
    if (signal?.aborted) return total;
    const rows = await db.execute(
      sql`delete from model_turns where id in
        (select id from model_turns where started_at < ${before}::timestamptz order by started_at limit ${sliceRows}) returning id`,
    );
    if (rows.length === 0) return total;
    total += rows.length;
  }
}
