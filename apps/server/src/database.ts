import { type Connection, createDb, migrate, startEmbedded } from '@switchboard/db';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Lifecycle } from './lifecycle.ts';

/** Opens the database, the hub's own one where none is given, and brings it up to date. */
export async function openDatabase(config: Config, log: Logger, life: Lifecycle): Promise<Connection> {
  const { databaseUrl, dataDir } = config;
  const address = databaseUrl
    ? { url: databaseUrl }
    : await life
        .start({
          name: 'postgres',
          start: () => startEmbedded({ dataDir, tell: (message) => log.info(message) }),
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
        throw error;
      }
      return connection;
    },
    stop: (connection) => connection.close(),
  });
}
