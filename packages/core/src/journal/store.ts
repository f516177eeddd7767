import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { RunEntry } from '../runs/contract.ts';
import type { RunStore, StoredEntry } from '../runs/store.ts';
import { storableJson } from '../storable.ts';

/** The new part of one turn since the last look. */
export interface Delta {
  type: 'delta';
  turn: number;
  content: string;
  reasoning: string;
  /** Of a graph. */
  node?: string;
  visit?: number;
}

function deltaOf(entry: RunEntry): Delta | null {
  if (entry.type !== 'event' || !('json' in entry.event)) return null;
  const { turn, content, reasoning } = entry.event;
  if (content === '' && reasoning === '') return null;
  const place = 'node' in entry.event ? { node: entry.event.node, visit: entry.event.visit } : {};
  return { type: 'delta', turn, content, reasoning, ...place };
}

/** Joins adjacent pieces of one turn. */
function joined(entries: readonly StoredEntry[]): (Delta & { seq: number })[] {
  const rows: (Delta & { seq: number })[] = [];
  for (const entry of entries) {
    const delta = deltaOf(entry);
    const last = rows.at(-1);
    if (delta === null) continue;
    if (last?.turn === delta.turn && last.node === delta.node && last.visit === delta.visit) {
      last.content += delta.content;
      last.reasoning += delta.reasoning;
      last.seq = entry.seq;
    } else {
      rows.push({ ...delta, seq: entry.seq });
    }
  }
  return rows;
}

type Row = typeof tables.agentEvents.$inferInsert & { epoch: number };

/** Rows of all runs wait so long for each other: one statement has many. */
const gatherMs = 100;

/** Writes rows of many runs together; rows of a run that no longer exists or belongs to another hub are dropped. */
function createGatherer(db: Db): (rows: Row[]) => Promise<void> {
  let waiting: Row[] = [];
  let flush: Promise<void> | null = null;
  async function write(): Promise<void> {
    await sleep(gatherMs);
    const rows = waiting;
    waiting = [];
    flush = null;
    const values = rows.map(
      (row) =>
        sql`(${row.runId}, ${row.epoch}::integer, ${row.seq}::integer, ${JSON.stringify(row.event)}::text::jsonb)`,
    );
    await db.execute(sql`insert into agent_events (run_id, seq, event)
      select row.run_id, row.seq, row.event from (values ${sql.join(values, sql`, `)}) as row (run_id, epoch, seq, event)
      join agent_runs on agent_runs.id = row.run_id and agent_runs.epoch = row.epoch
      for share of agent_runs on conflict do nothing`);
  }
  return (rows) => {
    waiting.push(...rows);
    flush ??= write();
    return flush;
  };
}

/**
 * Stores the part of an agent run that the journal lacks: the pieces of the running turn. The run itself, its steps and
 * its end are written by its own code, which waits until they are stored.
 */
export function createJournalStore(db: Db): RunStore {
  const gather = createGatherer(db);
  return {
    begin: () => Promise.resolve(),
    async append(id, entries, epoch) {
      const rows = joined(entries).map(({ seq, ...event }) => ({
        runId: id,
        epoch,
        seq,
        event: storableJson({ ...event }),
      }));
      if (rows.length > 0) await gather(rows);
    },
    async end({ run }) {
      await db.execute(sql`delete from agent_events where run_id = ${run.id}
        and exists (select 1 from agent_runs where id = ${run.id} and ended_at is not null)`);
    },
    load: () => Promise.resolve(null),
    interrupt: () => Promise.resolve(0),
  };
}

/** Removes the stored events of a run that has ended. */
export async function forgetEvents(db: Db, runId: string): Promise<void> {
  await db.delete(tables.agentEvents).where(eq(tables.agentEvents.runId, runId));
}
