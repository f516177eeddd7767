import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDb } from './client.ts';
import { startEmbedded } from './embedded/start.ts';
import { migrate } from './migrate.ts';
import { askSetup, hasSetup } from './testing-place.ts';

export { databaseRoom } from './testing-place.ts';

/** Makes a data directory whose database is migrated and stopped: making one takes seconds, a copy does not. */
export async function makeTestCluster(folder: string): Promise<{ dataDir: string; stop(): Promise<void> }> {
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'cluster');
  const server = await startEmbedded({ dataDir, settings: { fsync: 'off' } });
  const connection = createDb(server.address, { max: 2 });
  await migrate(connection);
  await connection.close();
  await server.stop();
  return {
    dataDir,
    stop: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/**
 * Gives a new data directory its database, as a hub that ran there before would find it. Without a test run, or where
 * the database cannot be in the directory, the hub makes its own.
 */
export async function copyTestCluster(dataDir: string): Promise<void> {
  if (!hasSetup()) return;
  const { dataDir: from } = await askSetup<{ dataDir: string }>('cluster');
  if (!existsSync(join(from, 'pg'))) return;
  // Unlike fs.cp, cp keeps the owner, which must be the database's account.
  execFileSync('cp', ['-a', join(from, 'pg'), join(dataDir, 'pg')]);
}
