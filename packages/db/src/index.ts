export { createDb, type Connection, type Db, type DbAddress } from './client.ts';
export { migrate } from './migrate.ts';
export * as tables from './schema/index.ts';
export { InUseError } from './embedded/lock.ts';
export { startEmbedded, type EmbeddedOptions, type EmbeddedPostgres } from './embedded/start.ts';
