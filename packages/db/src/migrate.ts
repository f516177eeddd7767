import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Connection } from './client.ts';

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** Any fixed number: two hubs that start on one database migrate one after the other. */
const lockId = 724_511_903;

/** Brings the database up to date; safe to call from several processes at once. */
export const migrate = async (connection: Connection): Promise<void> => {
  const session = await connection.sql.reserve();
  try {
    await session`select pg_advisory_lock(${lockId})`;
    await runMigrations(drizzle({ client: connection.sql, casing: 'snake_case' }), { migrationsFolder });
  } finally {
    await session`select pg_advisory_unlock(${lockId})`;
    session.release();
  }
};
