import { tables } from '@switchboard/db';
import { and, desc, sql, type SQL } from 'drizzle-orm';
import type { Ctx } from '../context.ts';

const { audit, callRecords } = tables;

/**
 * How many rows a search looks at before it answers with what it found and where it stopped. What an index finds
 * (whose it was, which server or target, when) needs no such bound.
 */
export const windowRows = 50_000;

/** Rows that may come between the look at where a window ends and the search in it. */
const mostMeanwhile = 10_000;

/** What a question asks for: the conditions that an index serves, and those that each row has to be looked at for. */
export interface Conditions {
  indexed: (SQL | undefined)[];
  looked: (SQL | undefined)[];
}

export const isSearch = ({ looked }: Conditions): boolean => looked.some((condition) => condition !== undefined);

/** The last row that a search of calls looks at; undefined where it looks at all there are. */
export const lastCallInWindow = async (
  ctx: Pick<Ctx, 'db'>,
  { indexed }: Conditions,
): Promise<{ at: Date; id: string } | undefined> => {
  const [row] = await ctx.db
    .select({ at: callRecords.startedAt, id: callRecords.id })
    .from(callRecords)
    .where(and(...indexed))
    .orderBy(desc(callRecords.startedAt), desc(callRecords.id))
    .offset(windowRows - 1)
    .limit(1);
  return row;
};

/** The calls a search looks at, named like the table so that conditions on it hold for them too. */
export const callsInWindow = (ctx: Pick<Ctx, 'db'>, { indexed }: Conditions, end?: { at: Date; id: string }) =>
  ctx.db
    .select()
    .from(callRecords)
    .where(
      and(
        ...indexed,
        end && sql`(${callRecords.startedAt}, ${callRecords.id}) >= (${end.at.toISOString()}::timestamptz, ${end.id})`,
      ),
    )
    .orderBy(desc(callRecords.startedAt), desc(callRecords.id))
    .limit(windowRows + mostMeanwhile)
    .as('call_records');

/** The same of changes. */
export const lastChangeInWindow = async (
  ctx: Pick<Ctx, 'db'>,
  { indexed }: Conditions,
): Promise<{ at: Date; id: number } | undefined> => {
  const [row] = await ctx.db
    .select({ at: audit.at, id: audit.id })
    .from(audit)
    .where(and(...indexed))
    .orderBy(desc(audit.at), desc(audit.id))
    .offset(windowRows - 1)
    .limit(1);
  return row;
};

export const changesInWindow = (ctx: Pick<Ctx, 'db'>, { indexed }: Conditions, end?: { at: Date; id: number }) =>
  ctx.db
    .select()
    .from(audit)
    .where(and(...indexed, end && sql`(${audit.at}, ${audit.id}) >= (${end.at.toISOString()}::timestamptz, ${end.id})`))
    .orderBy(desc(audit.at), desc(audit.id))
    .limit(windowRows + mostMeanwhile)
    .as('audit');
