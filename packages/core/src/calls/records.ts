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
/** Between rows and between their fields, and in place of what is absent: characters that no field keeps. */
const rowEnd = '\u001e';
const fieldEnd = '\u001f';
const absent = '\u001d';
/** Those three, and NUL, which PostgreSQL refuses. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const unstorable = /[\0\u001d-\u001f]/;
const everyUnstorable = new RegExp(unstorable, 'g');

/** Writes call records behind, in batches; a call never waits for the database. */
export const createCallRecorder = (
  db: Db,
  log: Log,
  secretsOf: (serverId: string) => readonly string[] = () => [],
): CallRecorder => {
  /** As text, which is cheap to hold where an object of many fields would be copied by each collection of garbage. */
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
      waiting.push(toLine(record, secretsOf));
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
const clean = (text: string | null | undefined): string => {
  if (text == null) return absent;
  if (text.length <= longestText && text.isWellFormed() && !unstorable.test(text)) return text;
  return text.replaceAll(everyUnstorable, '').slice(0, longestText).toWellFormed();
};

/** JSON without what is secret; its control characters are escaped. */
const kept = (value: unknown, secrets: readonly string[]): string =>
  value === undefined ? absent : JSON.stringify(keepable(value, secrets));

/** Who stands behind a credential: `user:ID…` or `key:ID…`. */
const userOf = (credential: string): string => {
  if (!credential.startsWith('user:') && !credential.startsWith('key:')) return absent;
  return credential.split(':', 2)[1] ?? absent;
};

/** A record as the insert reads it, its fields in the order of `insertAll`. */
const toLine = (record: CallRecord, secretsOf: (serverId: string) => readonly string[]): string => {
  const { serverId, credential, arguments: args, result } = record;
  const keeps = args !== undefined || result !== undefined;
  const secrets = keeps && serverId !== null ? secretsOf(serverId) : [];
  return [
    record.id,
    record.startedAt / 1000,
    record.durationMs,
    serverId ?? absent,
    record.endpoint,
    clean(record.method),
    clean(record.name),
    record.outcome,
    record.errorCode ?? absent,
    clean(record.errorMessage),
    credential,
    userOf(credential),
    clean(record.clientName),
    record.via,
    clean(record.requestId),
    clean(record.address),
    keeps ? kept(args, secrets) : absent,
    keeps ? kept(result, secrets) : absent,
  ].join(fieldEnd);
};

/**
 * One text for a whole batch: taken apart, it costs PostgreSQL half of what the same as JSON does. `offset 0` keeps
 * the planner from taking a line apart once for each of its fields.
 */
const insertAll = async (db: Db, batch: readonly string[]): Promise<void> => {
  await db.execute(sql`
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, error_code,
      error_message, credential, user_id, client_name, via, request_id, address, arguments, result)
    select f[1], to_timestamp(f[2]::double precision), f[3]::double precision, f[4], f[5], f[6], f[7], f[8],
      f[9]::integer, f[10], f[11], f[12], f[13], f[14], f[15], f[16], f[17]::jsonb, f[18]::jsonb
    from (select string_to_array(line, ${fieldEnd}, ${absent}) as f
      from string_to_table(${batch.join(rowEnd)}, ${rowEnd}) as line offset 0) as batch
    on conflict do nothing`);
};
