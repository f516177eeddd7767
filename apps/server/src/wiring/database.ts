import type { Logger } from 'pino';
import {
  type Connection,
  createDb,
  type DatabaseState,
  type EmbeddedPostgres,
  InUseError,
  migrate,
  NewerDatabaseError,
  reasonOf,
  startEmbedded,
} from '@switchboard/db';
import { type Config, ConfigError } from '../config.ts';
import type { Lifecycle } from '../process/lifecycle.ts';
import { hub } from './hub.ts';

function tellInUse(error: unknown): never {
  throw error instanceof InUseError ? new ConfigError(`DATA_DIR: ${error.message}`) : error;
}

/** One line when the database is gone, and one when it is back. */
function tellChanges(connection: Connection, log: Logger): void {
  let awaySince = 0;
  connection.health.subscribe((state: DatabaseState) => {
    if (!state.up) {
      awaySince = state.since;
      log.error({ reason: state.reason }, 'The database is away: calls go on, everything else answers 503');
    } else log.info({ awayMs: Math.round(state.since - awaySince) }, 'The database is back');
  });
}

function startOwn(config: Config, log: Logger, life: Lifecycle): Promise<EmbeddedPostgres> {
  const { dataDir } = config;
  function tell(message: string) {
    log.info(message);
  }
  function giveUp(message: string) {
    log.fatal(message);
  }
  return life.start({
    name: 'postgres',
    start: () => startEmbedded({ dataDir, tell, giveUp }).catch(tellInUse),
    stop: (postgres) => postgres.stop(),
    stopTimeoutMs: 30_000,
  });
}

/** Opens the database, the hub's own one where none is given, and brings it up to date. */
export async function openDatabase(config: Config, log: Logger, life: Lifecycle): Promise<Connection> {
  const { databaseUrl } = config;
  const own = databaseUrl === null ? await startOwn(config, log, life) : null;
  const address = own?.address ?? { url: databaseUrl ?? '' };
  return life.start({
    name: 'database',
    async start() {
      const connection = createDb(address, { whyAway: () => own?.trouble() ?? null });
      try {
        await migrate(connection, hub.version);
      } catch (error) {
        await connection.close();
        if (error instanceof NewerDatabaseError) throw new ConfigError(error.message);
        throw databaseUrl ? new ConfigError(`DATABASE_URL: the database cannot be used: ${reasonOf(error)}`) : error;
      }
      own?.subscribe(() => connection.health.suspect());
      tellChanges(connection, log);
      return connection;
    },
    stop: (connection) => connection.close(),
  });
}
