import { and, desc, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { tables, type Db } from '@switchboard/db';

const { audit, callRecords } = tables;

/**
 * The number of rows that a search reads before it answers with its matches and its position. Conditions that an index
 * serves (person, server, target, time) need no such bound.
 */
export const windowRows = 50_000;

/** Rows that may come between the look at where a window ends and the search in it. */
const mostMeanwhile = 10_000;

/** The conditions of a query: those that an index serves, and those that are checked for each row. */
export interface Conditions {
  indexed: (SQL | undefined)[];
  looked: (SQL | undefined)[];
}

type Table = typeof audit | typeof callRecords;

/** One of the two histories: its table with the name of that, and the columns of its order. */
interface History<From extends Table> {
  table: From;
  name: string;
  at: PgColumn;
  id: PgColumn;
}

export const changeHistory: History<typeof audit> = { table: audit, name: 'audit', at: audit.at, id: audit.id };
export const callHistory: History<typeof callRecords> = {
  table: callRecords,
  name: 'call_records',
  at: callRecords.startedAt,
  id: callRecords.id,
};

/** The parts of a query over a history. `from` may be a window of the table, which has the table's name. */
interface Query<From> {
  from: From;
  where: SQL | undefined;
  order: SQL[];
  limit: number;
}

interface FoundRows<From extends Table, Row> {
  rows: Row[];
  /** The last row that a search has read, where there are more. */
  end?: End<From>;
}

interface End<From extends Table> {
  at: Date;
  id: From['$inferSelect']['id'];
}

function newestFirst({ at, id }: History<Table>): SQL[] {
  return [desc(at), desc(id)];
}

/** The last row that a search reads; undefined where it reads all. */
async function lastInWindow<From extends Table>(
  db: Db,
  history: History<From>,
  { indexed }: Conditions,
): Promise<End<From> | undefined> {
  const { table, at, id } = history;
  const [row] = await db
    .select({ at, id })
    .from<Table>(table)
    .where(and(...indexed))
    .orderBy(...newestFirst(history))
    .offset(windowRows - 1)
    .limit(1);
  return row;
}

/** The rows that a search reads, under the name of the table, so that conditions on the table apply. */
function rowsInWindow<From extends Table>(
  db: Db,
  history: History<From>,
  { indexed }: Conditions,
  end: End<From> | undefined,
): From {
  const { table, name, at, id } = history;
  const downTo = end && sql`(${at}, ${id}) >= (${end.at.toISOString()}::timestamptz, ${end.id})`;
  const rows = db
    .select()
    .from<Table>(table)
    .where(and(...indexed, downTo))
    .orderBy(...newestFirst(history))
    .limit(windowRows + mostMeanwhile)
    .as(name);
  return rows as unknown as From;
}

/** Reads a history, newest first: straight where an index serves all that is asked for, else within a window. */
export async function readHistory<From extends Table, Row>(
  db: Db,
  history: History<From>,
  conditions: Conditions,
  limit: number,
  select: (query: Query<From>) => PromiseLike<Row[]>,
): Promise<FoundRows<From, Row>> {
  const order = newestFirst(history);
  if (conditions.looked.every((condition) => condition === undefined)) {
    return { rows: await select({ from: history.table, where: and(...conditions.indexed), order, limit }) };
  }
  // Before the search, which goes down to it: rows that are written meanwhile must not move the window.
  const end = await lastInWindow(db, history, conditions);
  const from = rowsInWindow(db, history, conditions, end);
  const rows = await select({ from, where: and(...conditions.looked), order, limit });
  return end === undefined || rows.length === limit ? { rows } : { rows, end };
}
