import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { createDb, type Connection, type Db, type DbAddress } from './client.ts';
import { identify, isAlive } from './embedded/process.ts';
import { startEmbedded, type EmbeddedPostgres } from './embedded/start.ts';
import { migrate } from './migrate.ts';

/** Where the test run's PostgreSQL is: the setup tells the test workers, which inherit the environment. */
const variable = 'SWITCHBOARD_TEST_PG';
const template = 'switchboard_template';
const prefix = 'switchboard-test-pg-';

interface Place {
  socketDir: string;
  port: number;
  user: string;
}

/** Starts one PostgreSQL for a whole test run, with a migrated template in it. */
export const startTestPostgres = async (): Promise<{ stop(): Promise<void> }> => {
  await removeLeftovers();
  const me = identify(process.pid);
  const dataDir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  // Nothing here outlives the run: durability would only cost time.
  const server = await startEmbedded({
    dataDir,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  await makeTemplate(server);
  process.env[variable] = JSON.stringify({ ...server.address, owner: me });
  return {
    stop: async () => {
      delete process.env[variable];
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const makeTemplate = async (server: EmbeddedPostgres): Promise<void> => {
  if (!('socketDir' in server.address)) throw new Error('The test database must be on a socket.');
  const admin = connectAdmin(server.address);
  await admin`create database ${admin(template)}`;
  await admin.end();
  const connection = createDb({ ...server.address, database: template }, { max: 2 });
  await migrate(connection);
  await connection.close();
};

/** A killed test run leaves its PostgreSQL; the next one ends it. */
const removeLeftovers = async (): Promise<void> => {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    const owner = identify(pid);
    if (owner && isAlive(owner)) continue;
    const dataDir = join(tmpdir(), name);
    try {
      if (existsSync(join(dataDir, 'pg/data/postmaster.pid'))) await (await startEmbedded({ dataDir })).stop();
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Another run is at it.
    }
  }
};

const connectAdmin = (place: Place) =>
  postgres({ path: `${place.socketDir}/.s.PGSQL.${place.port}`, user: place.user, database: 'postgres', max: 1 });

const testPlace = (): Place => {
  const place = process.env[variable];
  if (place === undefined)
    throw new Error('Tests with a database need the global setup packages/db/src/testing-setup.ts.');
  return JSON.parse(place) as Place;
};

export interface TestDb extends AsyncDisposable {
  db: Db;
  connection: Connection;
  address: DbAddress;
  /** Opens another pool on the same database, as a restarted hub would. */
  reconnect(): Connection;
  close(): Promise<void>;
}

/** A database of its own from the migrated template, dropped at the end. */
export const createTestDb = async (): Promise<TestDb> => {
  const place = testPlace();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = connectAdmin(place);
  await admin`create database ${admin(name)} template ${admin(template)}`;
  await admin.end();
  const address = { ...place, database: name };
  const connection = createDb(address, { max: 5 });
  const close = async () => {
    await connection.close();
    const last = connectAdmin(place);
    await last`drop database if exists ${last(name)} with (force)`;
    await last.end();
  };
  return {
    db: connection.db,
    connection,
    address,
    reconnect: () => createDb(address, { max: 5 }),
    close,
    [Symbol.asyncDispose]: close,
  };
};
