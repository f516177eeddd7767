import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import type { Connection } from './client.ts';

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** Any fixed number: two hubs that start on one database migrate one after the other. */
const lockId = 724_511_903;
const versionKey = 'schemaVersion';

/** A newer program has changed the database: this one would misread it. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError';
}

/** The timestamps of the migrations that a database has had, the oldest first. */
async function appliedTo(sql: postgres.Sql): Promise<number[]> {
  const [found] = await sql<{ there: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  if (!found?.there) return [];
  const rows = await sql<{ at: string }[]>`
    select created_at::text as at from drizzle.__drizzle_migrations order by created_at`;
  return rows.map(({ at }) => Number(at));
}

async function refuseNewer(sql: postgres.Sql, applied: readonly number[], version: string): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  const newest = applied.at(-1) ?? 0;
  if (newest <= Math.max(...known)) return;
  const [row] = await sql<{ version: string | null }[]>`
    select value ->> 'version' as version from settings where key = ${versionKey}`;
  const needed = row?.version ?? 'the version it was last used with';
  const day = new Date(newest).toISOString().slice(0, 10);
  throw new NewerDatabaseError(
    `A newer Switchboard has changed this database (last on ${day}), and this is ${version}: start ${needed} or newer.`,
  );
}

/**
 * Brings the database up to date and notes the program's version beside it; safe to call from several processes at
 * once. Throws a `NewerDatabaseError` where the database holds migrations that this program does not know.
 */
export async function migrate(connection: Connection, version = 'an unknown version'): Promise<void> {
  const session = await connection.sql.reserve();
  try {
    await session`select pg_advisory_lock(${lockId})`;
    const before = await appliedTo(session);
    await refuseNewer(session, before, version);
    await runMigrations(drizzle({ client: connection.sql, casing: 'snake_case' }), { migrationsFolder });
    if ((await appliedTo(session)).length > before.length) {
      await session`
        insert into settings (key, value) values (${versionKey}, jsonb_build_object('version', ${version}::text))
        on conflict (key) do update set value = excluded.value, updated_at = now()`;
    }
  } finally {
    await session`select pg_advisory_unlock(${lockId})`;
    session.release();
  }
}
