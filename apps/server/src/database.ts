import { type Connection, createDb, InUseError, migrate, startEmbedded } from '@switchboard/db';
import type { Logger } from 'pino';
import { type Config, ConfigError } from './config.ts';
import type { Lifecycle } from './lifecycle.ts';

/** The innermost message: Drizzle's own holds the whole statement. */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  if (cause !== undefined) return reasonOf(cause);
  const text = error instanceof Error ? error.message || String(Reflect.get(error, 'code')) : String(error);
  return text.split('\n', 1)[0] ?? text;
}

function tellInUse(error: unknown): never {
  throw error instanceof InUseError ? new ConfigError(`DATA_DIR: ${error.message}`) : error;
}

/** Opens the database, the hub's own one where none is given, and brings it up to date. */
export async function openDatabase(config: Config, log: Logger, life: Lifecycle): Promise<Connection> {
  const { databaseUrl, dataDir } = config;
  const address = databaseUrl
    ? { url: databaseUrl }
    : await life
        .start({
          name: 'postgres',
          start: () => startEmbedded({ dataDir, tell: (message) => log.info(message) }).catch(tellInUse),
          stop: (postgres) => postgres.stop(),
          stopTimeoutMs: 30_000,
        })
        .then((postgres) => postgres.address);
  return life.start({
    name: 'database',
    async start() {
      const connection = createDb(address);
      try {
        await migrate(connection);
      } catch (error) {
        await connection.close();
        throw databaseUrl ? new ConfigError(`DATABASE_URL: the database cannot be used: ${reasonOf(error)}`) : error;
      }
      return connection;
    },
    stop: (connection) => connection.close(),
  });
}
