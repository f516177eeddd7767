import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { readRetention } from '../audit/retention.ts';

const dayMs = 86_400_000;
const sliceRows = 5_000;
const pauseMs = 50;

/** Removes what the simulator's log keeps of calls, and of what was done, for as long as other history is kept. */
export async function pruneAppLogs(db: Db, now: number, signal: AbortSignal): Promise<void> {
  const { callsDays, auditDays } = await readRetention(db);
  for (const [kind, days] of [
    ['call', callsDays],
    ['operation', auditDays],
  ] as const) {
    const before = new Date(now - days * dayMs).toISOString();
    for (let removed = 1; removed > 0 && !signal.aborted;) {
      const [row] = await db.execute<{ removed: string }>(sql`
        with old as (
          delete from app_logs where num in (
            select num from app_logs
            where kind = ${kind} and created_at < ${before}::timestamptz
            order by created_at limit ${sliceRows}
          ) returning 1
        ) select count(*) as removed from old`);
      removed = Number(row?.removed ?? 0);
      if (removed > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
