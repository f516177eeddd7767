import type { PgDatabase } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

/** The database or a transaction on it: queries take either. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>;

/** How to reach a PostgreSQL: a URL, or the Unix socket of the embedded one. */
export type DbAddress =
  | { url: string }
  | { socketDir: string; port: number; user: string; database: string; password?: string };

export interface Connection {
  db: Db;
  sql: postgres.Sql;
  /** Calls back with every message of a channel, across lost connections, until it is stopped. */
  listen(channel: string, onMessage: (text: string) => void): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
}

/** Opens a pool; `max` bounds its connections, further queries wait in line. */
export const createDb = (address: DbAddress, options: { max?: number } = {}): Connection => {
  const common: postgres.Options<Record<string, never>> = {
    max: options.max ?? 10,
    onnotice: () => undefined,
    connect_timeout: 15,
    connection: { application_name: 'switchboard' },
  };
  const sql =
    'url' in address
      ? postgres(address.url, common)
      : postgres({
          ...common,
          path: `${address.socketDir}/.s.PGSQL.${address.port}`,
          user: address.user,
          database: address.database,
          ...(address.password === undefined ? {} : { password: address.password }),
        });
  const db = drizzle({ client: sql, schema, casing: 'snake_case' });
  return {
    db,
    sql,
    async listen(channel, onMessage) {
      const { unlisten } = await sql.listen(channel, onMessage);
      return { stop: unlisten };
    },
    close: () => sql.end({ timeout: 5 }),
  };
};
