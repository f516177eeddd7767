export { DatabaseAwayError, isDatabaseAway, reasonOf, sqlStateOf } from './away.ts';
export { createDb, type Connection, type ConnectionOptions, type Db, type DbAddress } from './client.ts';
export { type DatabaseHealth, type DatabaseState } from './health.ts';
export { migrate, NewerDatabaseError } from './migrate.ts';
export * as tables from './schema/index.ts';
export { InUseError } from './embedded/lock.ts';
export { startEmbedded, type EmbeddedOptions, type EmbeddedPostgres } from './embedded/start.ts';
