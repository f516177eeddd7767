import { tables, type Db } from '@switchboard/db';
import type { CallRecord } from '@switchboard/mcp-runtime/types';
import { lt } from 'drizzle-orm';
import type { Log } from '../context.ts';
import { messageOf } from '../errors.ts';

export interface CallRecorder {
  add(record: CallRecord): void;
  /** Resolves when everything added before is written, or given up. */
  flush(): Promise<void>;
  prune(before: Date): Promise<void>;
  /** Records that were lost: the database was away or too slow. */
  readonly dropped: number;
}

const everyMs = 250;
const batchSize = 500;
/** Beyond this the oldest go: calls matter more than their history. */
const mostWaiting = 20_000;
const longestText = 2_000;

/** Writes call records behind, in batches; a call never waits for the database. */
export const createCallRecorder = (db: Db, log: Log): CallRecorder => {
  let waiting: CallRecord[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;

  const writeBatch = async (batch: CallRecord[]): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await db.insert(tables.callRecords).values(batch.map(toRow)).onConflictDoNothing();
        return;
      } catch (error) {
        if (attempt < 2) continue;
        dropped += batch.length;
        log.error({ records: batch.length, error: messageOf(error) }, 'Call records were lost');
        return;
      }
    }
  };

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      await writeBatch(batch);
    }
  };

  const drain = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  };

  return {
    add(record) {
      if (waiting.length >= mostWaiting) {
        waiting.shift();
        dropped += 1;
      }
      waiting.push(record);
      if (timer) return;
      timer = setTimeout(() => void drain(), everyMs);
      timer.unref();
    },
    async flush() {
      while (waiting.length > 0 || writing) await drain();
    },
    async prune(before) {
      await db.delete(tables.callRecords).where(lt(tables.callRecords.startedAt, before));
    },
    get dropped() {
      return dropped;
    },
  };
};

/** Texts from servers and clients: PostgreSQL takes no NUL, and nobody reads more than this of one. */
const clean = (text: string): string => text.replaceAll('\0', '').slice(0, longestText);
const cleanOrNull = (text: string | null): string | null => (text === null ? null : clean(text));

/** The user in a credential's key, see `credentialOf`. */
const userOf = (credential: string): string | null => {
  const [type, userId] = credential.split(':');
  return type === 'user' || type === 'key' ? (userId ?? null) : null;
};

const toRow = (record: CallRecord): typeof tables.callRecords.$inferInsert => ({
  ...record,
  startedAt: new Date(record.startedAt),
  method: clean(record.method),
  name: cleanOrNull(record.name),
  errorMessage: cleanOrNull(record.errorMessage),
  clientName: cleanOrNull(record.clientName),
  requestId: cleanOrNull(record.requestId),
  userId: userOf(record.credential),
});
