import { eq, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { RunEntry } from '../runs/contract.ts';
import type { RunStore, StoredEntry } from '../runs/store.ts';

/** What came of one turn since the last look. */
export interface Delta {
  type: 'delta';
  turn: number;
  content: string;
  reasoning: string;
}

function deltaOf(entry: RunEntry): Delta | null {
  if (entry.type !== 'event' || !('chunk' in entry.event)) return null;
  const { turn, chunk } = entry.event;
  const delta = chunk.choices.find(({ index }) => index === 0)?.delta;
  const content = delta?.content ?? '';
  const reasoning = delta?.reasoning_content ?? '';
  return content === '' && reasoning === '' ? null : { type: 'delta', turn, content, reasoning };
}

/** Pieces of one turn that stand beside each other, as one. */
function joined(entries: readonly StoredEntry[]): (Delta & { seq: number })[] {
  const rows: (Delta & { seq: number })[] = [];
  for (const entry of entries) {
    const delta = deltaOf(entry);
    const last = rows.at(-1);
    if (delta === null) continue;
    if (last?.turn === delta.turn) {
      last.content += delta.content;
      last.reasoning += delta.reasoning;
      last.seq = entry.seq;
    } else {
      rows.push({ ...delta, seq: entry.seq });
    }
  }
  return rows;
}

/**
 * Keeps of runs of agents what the journal has not yet: the pieces of a turn that goes on. A run itself, its steps and its
 * end are written by what carries it out, which may not go on before they are.
 */
export function createJournalStore(db: Db): RunStore {
  return {
    begin: () => Promise.resolve(),
    async append(id, entries) {
      const rows = joined(entries);
      if (rows.length === 0) return;
      const values = rows.map(({ seq, ...event }) => ({ runId: id, seq, event: { ...event } }));
      await db.insert(tables.agentEvents).values(values).onConflictDoNothing();
    },
    async end({ run }) {
      await db.execute(sql`delete from agent_events where run_id = ${run.id}
        and exists (select 1 from agent_runs where id = ${run.id} and ended_at is not null)`);
    },
    load: () => Promise.resolve(null),
    interrupt: () => Promise.resolve(0),
  };
}

/** Forgets what was told of a run that has ended. */
export async function forgetEvents(db: Db, runId: string): Promise<void> {
  await db.delete(tables.agentEvents).where(eq(tables.agentEvents.runId, runId));
}
