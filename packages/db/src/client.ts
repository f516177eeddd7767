import type { PgDatabase } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { isLostConnection, isLostTransaction } from './away.ts';
import { createHealth, type DatabaseHealth, type HealthKeeper } from './health.ts';
import * as schema from './schema/index.ts';
import { runText, type Answer } from './statements.ts';

/** The database or a transaction on it: queries take either. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>;

/** How to reach a PostgreSQL: a URL, or the Unix socket of the embedded one. */
export type DbAddress =
  | { url: string }
  | { socketDir: string; port: number; user: string; database: string; password?: string };

export interface Connection {
  /** Fails at once with a `DatabaseAwayError` while the database is known to be away. */
  db: Db;
  /** The driver itself, with no such gate before it. */
  sql: postgres.Sql;
  health: DatabaseHealth;
  /** Runs a text of SQL that another library wrote, with the same gate as `db`. */
  run(text: string, values?: readonly unknown[]): Promise<Answer>;
  /**
   * Calls back with every message of a channel, across lost connections, until it is stopped; `onListening` each time
   * that it hears from now on.
   */
  listen(
    channel: string,
    onMessage: (text: string) => void,
    onListening?: () => void,
  ): Promise<{ stop(): Promise<void> }>;
  /** One connection apart from the pool, for locks that last as long as it does; made when it is first used. */
  session: { run(text: string, values?: readonly unknown[]): Promise<Answer> };
  close(): Promise<void>;
}

export interface ConnectionOptions {
  /** Bounds the pool's connections; further queries wait in line. */
  max?: number;
  /** The facts that the supervisor of the database has about its absence; null for none. */
  whyAway?: () => string | null;
  /** Told of every statement. */
  onStatement?: (statement: string, params: readonly unknown[]) => void;
}

type DriverOptions = postgres.Options<Record<string, never>>;

const connectTimeoutSeconds = 5;
/** The driver's own pause between two attempts grows to 20 s: a database that is back would not be noticed. */
const longestBackoffSeconds = 0.5;

function open(address: DbAddress, more: DriverOptions): postgres.Sql {
  const options: DriverOptions = {
    onnotice: () => undefined,
    connect_timeout: connectTimeoutSeconds,
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, longestBackoffSeconds),
    connection: { application_name: 'switchboard' },
    ...more,
  };
  if ('url' in address) return postgres(address.url, options);
  return postgres({
    ...options,
    path: `${address.socketDir}/.s.PGSQL.${address.port}`,
    user: address.user,
    database: address.database,
    ...(address.password === undefined ? {} : { password: address.password }),
  });
}

/**
 * Uses a connection of its own, because those of the pool may all be busy. A connection that failed is not used again.
 */
function createPinger(address: DbAddress) {
  let sql: postgres.Sql | null = null;
  async function drop(): Promise<void> {
    const dropped = sql;
    sql = null;
    await dropped?.end({ timeout: 0 });
  }
  return {
    async ping() {
      sql ??= open(address, { max: 1, connect_timeout: 2, idle_timeout: 60, fetch_types: false });
      const asked = sql;
      const giveUp = setTimeout(() => void drop(), 2_500).unref();
      try {
        await asked`select 1`;
      } catch (error) {
        if (sql === asked) await drop();
        throw error;
      } finally {
        clearTimeout(giveUp);
      }
    },
    close: drop,
  };
}

/** The driver as Drizzle uses it, with a gate before each query and transaction. */
function gated(sql: postgres.Sql, health: HealthKeeper): postgres.Sql {
  function unsafe(...given: Parameters<postgres.Sql['unsafe']>) {
    health.assertUp();
    const query = sql.unsafe(...given);
    return {
      values: () => health.watch(query.values(), isLostConnection),
      // oxlint-disable-next-line unicorn/no-thenable -- stands in for the driver's query, which is one
      then: (...then: Parameters<Promise<unknown>['then']>) =>
        health.watch<unknown>(query, isLostConnection).then(...then),
    };
  }
  async function begin(run: (transaction: postgres.TransactionSql) => Promise<unknown>) {
    health.assertUp();
    let begun = false;
    const work = sql.begin((transaction) => {
      begun = true;
      return run(transaction);
    });
    return health.watch(work, (error) => (begun ? isLostTransaction(error) : isLostConnection(error)));
  }
  return new Proxy(sql, {
    get(target, key): unknown {
      if (key === 'unsafe') return unsafe;
      return key === 'begin' ? begin : Reflect.get(target, key);
    },
  });
}

/** Opens a pool. */
export function createDb(address: DbAddress, options: ConnectionOptions = {}): Connection {
  const sql = open(address, { max: options.max ?? 10 });
  const pinger = createPinger(address);
  let session: postgres.Sql | null = null;
  const health = createHealth({
    ping: () => pinger.ping(),
    why: options.whyAway ?? (() => null),
  });
  const { onStatement } = options;
  const db = drizzle({
    client: gated(sql, health),
    schema,
    casing: 'snake_case',
    ...(onStatement && { logger: { logQuery: onStatement } }),
  });
  return {
    db,
    sql,
    health,
    async run(text, values) {
      health.assertUp();
      return health.watch(runText(sql, text, values), isLostConnection);
    },
    session: {
      async run(text, values) {
        health.assertUp();
        session ??= open(address, { max: 1, max_lifetime: null });
        return health.watch(runText(session, text, values), isLostConnection);
      },
    },
    async listen(channel, onMessage, onListening) {
      const { unlisten } = await sql.listen(channel, onMessage, onListening);
      return { stop: unlisten };
    },
    async close() {
      health.stop();
      await Promise.all([sql.end({ timeout: 5 }), pinger.close(), session?.end({ timeout: 1 })]);
    },
  };
}
