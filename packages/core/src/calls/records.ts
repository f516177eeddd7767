import { sql } from 'drizzle-orm';
import { isDatabaseAway, reasonOf, sqlStateOf, type Db } from '@switchboard/db';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { holderOf, readCredential } from '../access/credential.ts';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { keepable, keepableFailure } from './keepable.ts';
import { lineEnd, WaitingLines } from './lines.ts';

export interface CallRecorder {
  add(record: CallRecord): void;
  /** Resolves when everything added before is written, or could not be: what can still be written later waits on. */
  flush(): Promise<void>;
  /** Writes what waits, and gives up what cannot be written. */
  stop(): Promise<void>;
  /** Records that were lost: the database was away for too long, or refused them. */
  readonly dropped: number;
}

const everyMs = 250;
const longestPauseMs = 10_000;
/** Beyond this the oldest go: calls matter more than their history. */
const mostWaiting = 20_000;
const mostBytes = 64 * 1024 * 1024;
const toldEveryMs = 60_000;
const longestText = 2_000;
/** Between fields, and in place of what is absent: characters that no field keeps. */
const fieldEnd = '\u001f';
const absent = '\u001d';
/** Those two, the end of a line, and NUL, which PostgreSQL refuses. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const everyUnstorable = /[\0\u001d-\u001f]/g;
/** The same, or half a surrogate pair for all one pattern can tell. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const doubtful = /[\0\u001d-\u001f\ud800-\udfff]/;

/** Writes call records behind, in batches; a call never waits for the database. */
export function createCallRecorder(
  db: Db,
  log: Log,
  secretsOf: (serverId: string) => readonly string[] = () => [],
): CallRecorder {
  const waiting = new WaitingLines();
  let dropped = 0;
  let toldAt = -Infinity;
  let pauseMs = everyMs;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;

  function lose(records: number, why: string): void {
    if (records === 0) return;
    dropped += records;
    // One line a minute: a database that is away for hours loses some with every call.
    if (performance.now() - toldAt < toldEveryMs) return;
    toldAt = performance.now();
    log.error({ records: dropped, why }, 'Call records were lost');
  }

  /**
   * Writes lines again that PostgreSQL refused as one batch, in halves, so that a bad line does not take others with
   * it. Lines that fail for another reason are lost too, because they could only be queued again together.
   */
  async function writeHalves(lines: readonly string[], refusal: unknown): Promise<void> {
    if (lines.length === 1) return lose(1, reasonOf(refusal));
    const middle = Math.ceil(lines.length / 2);
    for (const half of [lines.slice(0, middle), lines.slice(middle)]) {
      try {
        await insertAll(db, half.join(lineEnd));
      } catch (error) {
        if (isPassing(error)) lose(half.length, reasonOf(error));
        else await writeHalves(half, error);
      }
    }
  }

  /**
   * Writes the waiting records, oldest first, until a batch fails; records that arrive meanwhile wait for the next run.
   */
  async function writeWaiting(): Promise<void> {
    for (let left = waiting.batchCount; left > 0; left -= 1) {
      const batch = waiting.take();
      if (!batch) return;
      try {
        await insertAll(db, batch.text());
        pauseMs = everyMs;
      } catch (error) {
        if (isPassing(error)) {
          if (pauseMs === everyMs) tellFailure(log, 'warn', error, 'Call records wait: they cannot be written for now');
          pauseMs = Math.min(pauseMs * 2, longestPauseMs);
          waiting.putBack(batch);
          return;
        }
        await writeHalves(batch.text().split(lineEnd), error);
      }
      waiting.giveBack(batch);
    }
  }

  function drain(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeWaiting().finally(() => {
      writing = null;
      if (waiting.count > 0) schedule();
    });
    return writing;
  }

  function schedule(): void {
    if (timer) return;
    timer = setTimeout(() => void drain(), pauseMs);
    timer.unref();
  }

  async function flush(): Promise<void> {
    await writing;
    await drain();
  }

  return {
    add(record) {
      if (waiting.count >= mostWaiting || waiting.bytes > mostBytes) lose(waiting.dropOldest(), 'too many waited');
      waiting.add(toLine(record, secretsOf));
      schedule();
    },
    flush,
    async stop() {
      await flush();
      clearTimeout(timer);
      for (let records = waiting.dropOldest(); records > 0; records = waiting.dropOldest()) {
        lose(records, 'the hub stopped while they could not be written');
      }
    },
    get dropped() {
      return dropped;
    },
  };
}

/** PostgreSQL refuses the values themselves: a retry of the same batch fails again. Other errors may pass. */
const lasting = /^(?:0A|22|23|42|54)/;

function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === null ? isDatabaseAway(error) : !lasting.test(state);
}

/** Texts from servers and clients: one that PostgreSQL refuses would take its whole batch with it, and nobody reads more. */
function clean(text: string | null | undefined): string {
  if (text == null) return absent;
  if (text.length <= longestText && !doubtful.test(text)) return text;
  return text.replaceAll(everyUnstorable, '').slice(0, longestText).toWellFormed();
}

/** JSON without what is secret; its control characters are escaped. */
function kept(value: unknown, secrets: readonly string[], given: unknown): string {
  return value === undefined ? absent : JSON.stringify(keepable(value, secrets, given));
}

const largestCode = 2 ** 31 - 1;

/** JSON-RPC codes are integers; a server may send any number, and one that the column cannot hold is left out. */
function storableCode(code: number | null | undefined): number | string {
  return code != null && Number.isInteger(code) && Math.abs(code) <= largestCode ? code : absent;
}

/** A record as the insert reads it, its fields in the order of `insertAll`. */
function toLine(record: CallRecord, secretsOf: (serverId: string) => readonly string[]): string {
  const { serverId, credential, arguments: args, result, given } = record;
  const keeps = args !== undefined || result !== undefined;
  const isFailed = record.errorMessage !== null;
  const secrets = (keeps || isFailed) && serverId !== null ? secretsOf(serverId) : [];
  const { errorMessage, errorReason } = keepableFailure(record, secrets);
  return [
    record.id,
    record.startedAt,
    // Whole numbers: a fraction takes longer to write than all other fields.
    Math.round(record.durationMs * 1000),
    serverId ?? absent,
    record.endpoint,
    clean(record.method),
    clean(record.name),
    record.outcome,
    storableCode(record.errorCode),
    clean(errorMessage),
    credential,
    holderOf(readCredential(credential)).userId ?? absent,
    clean(record.clientName),
    record.via,
    clean(record.requestId),
    clean(record.address),
    keeps ? kept(args, secrets, given) : absent,
    keeps ? kept(result, secrets, given) : absent,
    record.hidden ?? absent,
    // Control characters and halves of pairs are escaped in JSON.
    errorReason === null ? absent : JSON.stringify(errorReason),
    record.traceId ?? absent,
  ].join(fieldEnd);
}

/**
 * One text for a whole batch: taken apart, it costs PostgreSQL half of what the same as JSON does. `offset 0` keeps
 * the planner from taking a line apart once for each of its fields. The minutes that changed are noted with the records.
 */
async function insertAll(db: Db, lines: string): Promise<void> {
  await db.execute(sql`
    with written as (
    insert into call_records (id, started_at, duration_ms, server_id, endpoint, method, name, outcome, error_code,
      error_message, credential, user_id, client_name, via, request_id, address, arguments, result, hidden, error_reason,
      trace_id)
    select f[1], to_timestamp(f[2]::double precision / 1000), f[3]::double precision / 1000, f[4], f[5], f[6], f[7], f[8],
      f[9]::integer, f[10], f[11], f[12], f[13], f[14], f[15], f[16], f[17]::json, f[18]::json, f[19],
      f[20]::jsonb, f[21]
    from (select string_to_array(line, ${fieldEnd}, ${absent}) as f
      from string_to_table(${lines}, ${lineEnd}) as line offset 0) as batch
    on conflict do nothing returning started_at)
    insert into series_changes (minute) select distinct floor(extract(epoch from started_at) / 60)::integer from written`);
}
