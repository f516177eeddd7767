import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { createDb, type Connection, type Db, type DbAddress } from './client.ts';
import { startEmbedded, type EmbeddedPostgres } from './embedded/start.ts';
import { migrate } from './migrate.ts';
import { abandonedFolders, askSetup, databaseRoom } from './testing-place.ts';

const template = 'switchboard_template';
const prefix = 'switchboard-test-pg-';

interface TestServer {
  socketDir: string;
  port: number;
  user: string;
}

export interface TestPostgres {
  place: TestServer;
  stop(): Promise<void>;
}

let asked: Promise<TestServer> | undefined;

/**
 * The address of the PostgreSQL that this process started, or else of the test run's; looked up once in each worker.
 */
function findPlace(): Promise<TestServer> {
  asked ??= askSetup<TestPostgres>('postgres').then(({ place }) => place);
  return asked;
}

/** Starts one PostgreSQL for a whole test run, with a migrated template in it. */
export async function startTestPostgres(): Promise<TestPostgres> {
  await removeLeftovers();
  const dataDir = mkdtempSync(join(databaseRoom, `${prefix}${process.pid}-`));
  // No data here outlives the run: durability would only cost time.
  const server = await startEmbedded({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '400',
      file_copy_method: 'clone',
    },
  });
  const place = await makeTemplate(server);
  asked = Promise.resolve(place);
  return {
    place,
    stop: async () => {
      asked = undefined;
      await admin?.end();
      admin = undefined;
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(server: EmbeddedPostgres): Promise<TestServer> {
  if (!('socketDir' in server.address)) throw new Error('The test database must be on a socket.');
  const sql = connectAdmin(server.address);
  await sql`create database ${sql(template)}`;
  await sql.end();
  const connection = createDb({ ...server.address, database: template }, { max: 2 });
  await migrate(connection);
  await connection.close();
  const { socketDir, port, user } = server.address;
  return { socketDir, port, user };
}

/** A killed test run leaves its PostgreSQL; the next one ends it. */
async function removeLeftovers(): Promise<void> {
  for (const dataDir of abandonedFolders(prefix)) {
    try {
      if (existsSync(join(dataDir, 'pg/data/postmaster.pid'))) await (await startEmbedded({ dataDir })).stop();
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Another run is at it.
    }
  }
}

function connectAdmin(place: TestServer) {
  return postgres({
    path: `${place.socketDir}/.s.PGSQL.${place.port}`,
    user: place.user,
    database: 'postgres',
    max: 1,
    idle_timeout: 5,
  });
}

let admin: postgres.Sql | undefined;

/**
 * Makes and drops databases. One file's end is soon followed by the next one's beginning, and each connection costs the
 * database a process.
 */
function asAdmin(place: TestServer): postgres.Sql {
  admin ??= connectAdmin(place);
  return admin;
}

export interface TestDb extends AsyncDisposable {
  db: Db;
  connection: Connection;
  address: DbAddress;
  /** Opens another pool on the same database, as a restarted hub would. */
  reconnect(): Connection;
  close(): Promise<void>;
}

/** A database of its own from the migrated template, dropped at the end. */
export async function createTestDb(): Promise<TestDb> {
  const place = await findPlace();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const sql = asAdmin(place);
  // Copying the template's files is several times quicker than writing each of its pages through the log.
  await sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`;
  const address = { ...place, database: name };
  const connection = createDb(address, { max: 5 });
  async function close() {
    await connection.close();
    await sql`drop database if exists ${sql(name)} with (force)`;
  }
  return {
    db: connection.db,
    connection,
    address,
    reconnect: () => createDb(address, { max: 5 }),
    close,
    [Symbol.asyncDispose]: close,
  };
}
