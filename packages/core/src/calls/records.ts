import type { Db } from '@switchboard/db';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { sql } from 'drizzle-orm';
import type { Log } from '../context.ts';
import { messageOf } from '../errors.ts';
import { keepable } from './keepable.ts';

export interface CallRecorder {
  add(record: CallRecord): void;
  /** Resolves when everything added before is written, or given up. */
  flush(): Promise<void>;
  /** Records that were lost: the database was away or too slow. */
  readonly dropped: number;
}

const everyMs = 250;
const batchSize = 500;
/** Beyond this the oldest go: calls matter more than their history. */
const mostWaiting = 20_000;
const longestText = 2_000;
/** How JSON writes what PostgreSQL refuses: NUL, and halves of surrogate pairs. */
const unstorable = /\\u(?:0000|d[89a-f])/;

/** Writes call records behind, in batches; a call never waits for the database. */
export const createCallRecorder = (
  db: Db,
  log: Log,
  secretsOf: (serverId: string) => readonly string[] = () => [],
): CallRecorder => {
  /** As JSON: a text is cheap to hold where an object of many fields would be copied by each collection of garbage. */
  let waiting: string[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;

  const writeBatch = async (batch: string[]): Promise<void> => {
    if (!(await tryInsert(db, batch, log))) dropped += batch.length;
  };

  /** What waits now; what comes meanwhile waits for the next time. */
  const writeWaiting = async (): Promise<void> => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += batchSize) await writeBatch(all.slice(from, from + batchSize));
  };

  const drain = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeWaiting().finally(() => {
      writing = null;
      if (waiting.length > 0) schedule();
    });
    return writing;
  };

  const schedule = (): void => {
    if (timer) return;
    timer = setTimeout(() => void drain(), everyMs);
    timer.unref();
  };

  return {
    add(record) {
      if (waiting.length >= mostWaiting) {
        waiting.shift();
        dropped += 1;
      }
      waiting.push(toJson(record, secretsOf));
      schedule();
    },
    async flush() {
      await writing;
      await drain();
    },
    get dropped() {
      return dropped;
    },
  };
};

const mostAttempts = 3;

const tryInsert = async (db: Db, batch: readonly string[], log: Log): Promise<boolean> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await insertAll(db, batch);
      return true;
    } catch (error) {
      if (attempt < mostAttempts) continue;
      log.error({ records: batch.length, error: messageOf(error) }, 'Call records were lost');
      return false;
    }
  }
};

/** Texts from servers and clients: one that PostgreSQL refuses would take its whole batch with it, and nobody reads more. */
const clean = (text: string): string => text.replaceAll('\0', '').slice(0, longestText).toWellFormed();
const cleanOrNull = (text: string | null): string | null => (text === null ? null : clean(text));

/** A record as the insert reads it; what is kept of arguments and result has its secrets taken out. */
const toJson = (record: CallRecord, secretsOf: (serverId: string) => readonly string[]): string => {
  const { arguments: args, result } = record;
  const keeps = args !== undefined || result !== undefined;
  if (!keeps) {
    const text = JSON.stringify(record);
    // Nearly every record is short and plain, and goes as it is.
    if (text.length <= longestText && !unstorable.test(text)) return text;
  }
  const secrets = keeps && record.serverId !== null ? secretsOf(record.serverId) : [];
  return JSON.stringify({
    ...record,
    method: clean(record.method),
    name: cleanOrNull(record.name),
    errorMessage: cleanOrNull(record.errorMessage),
    clientName: cleanOrNull(record.clientName),
    requestId: cleanOrNull(record.requestId),
    address: cleanOrNull(record.address ?? null),
    arguments: args === undefined ? null : keepable(args, secrets),
    result: result === undefined ? null : keepable(result, secrets),
  });
};

/** One JSON parameter for a whole batch: a tenth of the CPU of an insert with a parameter per value. */
const insertAll = async (db: Db, batch: readonly string[]): Promise<void> => {
  await db.execute(sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, error_code,
      error_message, credential, user_id, client_name, via, request_id, address, arguments, result)
    select id, to_timestamp("startedAt" / 1000), "durationMs", "serverId", endpoint, method, name, outcome, "errorCode",
      "errorMessage", credential, case when credential ~ '^(user|key):' then split_part(credential, ':', 2) end,
      "clientName", via, "requestId", address, arguments, result
    from json_to_recordset(${`[${batch.join(',')}]`}::text::json) as batch(id text,
      "startedAt" double precision, "durationMs" double precision, "serverId" text, endpoint text, method text,
      name text, outcome text, "errorCode" integer, "errorMessage" text, credential text,
      "clientName" text, via text, "requestId" text, address text, arguments jsonb, result jsonb)
    on conflict do nothing`);
};
