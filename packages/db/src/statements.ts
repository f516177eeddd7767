import type postgres from 'postgres';

/** The answer to a text of SQL; of several statements, the rows of all of them. */
export interface Answer {
  rows: Record<string, unknown>[];
}

const timestampTypes = new Set([1114, 1184]);

/** As PostgreSQL reads it: Drizzle took the driver's own conversions of these two away. */
function toParameter(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) || value instanceof Uint8Array || typeof value !== 'object') return value;
  return JSON.stringify(value);
}

function toRows(result: postgres.RowList<postgres.Row[]>): Record<string, unknown>[] {
  const moments = (result.columns ?? []).filter(({ type }) => timestampTypes.has(type)).map(({ name }) => name);
  return [...result].map((row) => {
    const asDates = moments.map((name): [string, unknown] => {
      const value: unknown = row[name];
      return [name, typeof value === 'string' ? new Date(value) : value];
    });
    return { ...row, ...Object.fromEntries(asDates) };
  });
}

/** The driver answers one statement with its rows, and several with a list of such answers. */
function toAnswer(result: postgres.RowList<postgres.Row[]> | postgres.RowList<postgres.Row[]>[]): Answer {
  function isSeveral(given: typeof result): given is postgres.RowList<postgres.Row[]>[] {
    return given.length > 0 && given.every((each) => Array.isArray(each));
  }
  return { rows: isSeveral(result) ? result.flatMap(toRows) : toRows(result) };
}

const opening = /^begin;/i;
const closing = /commit;?$/i;

/**
 * The statements of a text without the BEGIN and COMMIT around them: statements that are sent together are a
 * transaction by themselves. A transaction that a text opens would be left to the next user of the connection where it
 * fails, and a connection that is held for it is lost to the pool where the database goes away.
 */
function withoutFrame(text: string): string {
  const trimmed = text.trim();
  return opening.test(trimmed) && closing.test(trimmed) ? trimmed.replace(opening, '').replace(closing, '') : text;
}

/** Runs a text of SQL as another library wrote it: one statement with its values, or several in a transaction. */
export async function runText(sql: postgres.Sql, text: string, values: readonly unknown[] = []): Promise<Answer> {
  const parameters = values.map(toParameter) as postgres.ParameterOrJSON<never>[];
  return toAnswer(await sql.unsafe(withoutFrame(text), parameters));
}
