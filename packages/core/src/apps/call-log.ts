import { inArray, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';

type NewLog = typeof tables.appLogs.$inferInsert;

const everyMs = 250;
const mostWaiting = 10_000;
const mostAtOnce = 500;

export interface CallLog {
  add(entry: NewLog & { createdAt: Date }): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** One text for the whole batch: parameters for each of its fields take longer than the calls do. */
async function insertAll(db: Pick<Db, 'execute'>, batch: readonly NewLog[]): Promise<void> {
  await db.execute(sql`
    insert into app_logs (kind, user_id, username, action, target_type, target_id, details, address, token_id, app_id,
      created_at)
    select "kind", "userId", "username", "action", "targetType", "targetId", "details", "address", "tokenId", "appId",
      "createdAt"
    from jsonb_to_recordset(${JSON.stringify(batch)}::text::jsonb) as entry("kind" text, "userId" text,
      "username" text, "action" text, "targetType" text, "targetId" integer, "details" jsonb, "address" text,
      "tokenId" text, "appId" text, "createdAt" timestamptz)`);
}

/** Writes calls of products behind, in batches: a call never waits for its history. */
export function createCallLog(db: Db, log: Log): CallLog {
  let waiting: (NewLog & { createdAt: Date })[] = [];
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce);
      try {
        await db.transaction(async (tx) => {
          await insertAll(tx, batch);
          const used = [...new Set(batch.flatMap(({ tokenId }) => tokenId ?? []))];
          const last = batch.at(-1)?.createdAt ?? null;
          if (used.length > 0)
            await tx.update(tables.appTokens).set({ lastUsedAt: last }).where(inArray(tables.appTokens.id, used));
        });
      } catch (error) {
        tellFailure(log, 'warn', error, 'Calls of simulated products wait: they cannot be written for now');
        schedule(everyMs * 20);
        return;
      }
      waiting = waiting.slice(batch.length);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll);
    return writing;
  }

  function schedule(ms: number): void {
    if (timer) return;
    timer = setTimeout(() => void flush(), ms);
    timer.unref();
  }

  return {
    add(entry) {
      if (waiting.length >= mostWaiting) {
        waiting.shift();
        lost += 1;
        if (lost % mostWaiting === 1)
          log.error({ calls: lost }, 'Calls of simulated products were lost: too many waited');
      }
      waiting.push(entry);
      schedule(everyMs);
    },
    flush,
    stop: flush,
  };
}
