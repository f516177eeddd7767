import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import type { DbAddress } from '../client.ts';
import { databaseAccount, giveTree, namedAccount, type Account } from './account.ts';
import { findBinaries, type Binaries } from './binaries.ts';
import { takeLock } from './lock.ts';
import { preparePlaces, spareDirOf, type Places, type Tell } from './places.ts';
import { identify, isAlive, signal, waitFor, type ProcessIdentity } from './process.ts';

export interface EmbeddedOptions {
  /** DATA_DIR; the database stands in its `pg`. */
  dataDir: string;
  tell?: Tell;
  /** Added to the server's settings. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  address: DbAddress;
  pid: number;
  /** True where it was still running from before. */
  adopted: boolean;
  stop(): Promise<void>;
}

const port = 5432;
const user = 'switchboard';
const database = 'switchboard';
const startTimeoutMs = 60_000;

const baseSettings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '64MB',
  max_connections: '50',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  max_worker_processes: '4',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  io_method: 'sync',
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
};

/** What a process wrote down about the PostgreSQL it started. */
interface RunRecord extends ProcessIdentity {
  systemIdentifier: string;
  /** Binary and settings: a running one with others is replaced. */
  setup: string;
}

/** Starts the hub's own PostgreSQL in DATA_DIR, or adopts the one that a killed hub left running there. */
export const startEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedPostgres> => {
  if (process.platform === 'win32')
    throw new Error('The built-in PostgreSQL does not run on Windows yet. Set DATABASE_URL.');
  const tell = options.tell ?? (() => undefined);
  const account = databaseAccount();
  const places = preparePlaces(options.dataDir, account, tell);
  const unlock = takeLock(join(options.dataDir, 'hub.lock'), `The data directory ${options.dataDir}`);
  try {
    const binaries = findBinaries(account, () => join(spareDirOf(options.dataDir), '..'));
    initialise(places, binaries, account);
    const settings = { ...baseSettings, unix_socket_directories: places.socketDir, ...options.settings };
    const setup = JSON.stringify([binaries.version, settings]);
    const found = await adopt(places, setup, account, tell);
    const running = found ?? (await launch(places, binaries, settings, setup, account));
    await ensureDatabase(places);
    return {
      address: { socketDir: places.socketDir, port, user, database },
      pid: running.pid,
      adopted: found !== null,
      stop: async () => {
        await stop(running);
        rmSync(places.record, { force: true });
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
};

const minimalEnv = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };

/** Made aside and renamed, so that a half-made cluster is never taken for one. */
const initialise = (places: Places, binaries: Binaries, account: Account | null): void => {
  if (existsSync(join(places.data, 'PG_VERSION'))) return;
  const aside = join(places.root, 'data.new');
  rmSync(aside, { recursive: true, force: true });
  const maker = account && namedAccount();
  if (maker) giveTree(places.root, maker);
  const args = ['-D', aside, '-U', user, '--auth-local=trust', '--auth-host=reject', '--encoding=UTF8'];
  args.push('--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions');
  const result = spawnSync(binaries.initdb, args, { cwd: '/', env: minimalEnv, encoding: 'utf8', ...maker });
  if (account) giveTree(places.root, account);
  if (result.status !== 0) {
    const reason = result.error?.message ?? result.stderr.trim();
    throw new Error(`The database could not be created in ${places.data}: ${reason}`);
  }
  renameSync(aside, places.data);
};

/** Finds the PostgreSQL that a killed hub left; anything else that looks like one is not ours and not touched. */
const adopt = async (places: Places, setup: string, account: Account | null, tell: Tell): Promise<RunRecord | null> => {
  const record = readRecord(places.record);
  const pidFile = join(places.data, 'postmaster.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : null;
  const now = pid === null ? null : identify(pid);
  const expectedUid = account?.uid ?? process.getuid?.() ?? 0;
  if (record && isAlive(record) && now?.pid === record.pid && now.uid === expectedUid) {
    const ready = await waitFor(() => !isAlive(record) || isReady(places), startTimeoutMs);
    if (ready && isAlive(record) && record.setup === setup && (await identifierMatches(places))) {
      tell(`Adopted the running database (process ${record.pid}).`);
      return record;
    }
    await stop(record);
  } else if (pid !== null && (await answersAsOurs(places))) {
    // The hub was killed between starting it and writing it down.
    if (now) await stop(now);
  }
  if (existsSync(pidFile)) {
    const left = identify(Number(readFileSync(pidFile, 'utf8').split('\n')[0]));
    // PostgreSQL checks this itself, but takes any process of the account that has the old pid for itself.
    if (!left || left.uid !== expectedUid || (record && !isAlive(record))) rmSync(pidFile, { force: true });
  }
  return null;
};

const launch = async (
  places: Places,
  binaries: Binaries,
  settings: Record<string, string>,
  setup: string,
  account: Account | null,
): Promise<RunRecord> => {
  if (existsSync(places.log) && statSync(places.log).size > 5_000_000) truncateSync(places.log);
  const args = ['-D', places.data, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const log = openSync(places.log, 'a', 0o600);
  const logStart = statSync(places.log).size;
  // Its own process group: a Ctrl-C meant for the hub must not end it first.
  const child = spawn(binaries.postgres, args, {
    cwd: '/',
    env: minimalEnv,
    detached: true,
    stdio: ['ignore', log, log],
    ...account,
  });
  closeSync(log);
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error(`The database could not be started: ${(await failed).message}`);
  const identity = identify(pid);
  if (identity) {
    const record: RunRecord = {
      ...identity,
      uid: account?.uid ?? identity.uid,
      systemIdentifier: fileIdentifier(places),
      setup,
    };
    writeRecord(places.record, record);
    if ((await waitFor(() => !isAlive(record) || isReady(places, pid), startTimeoutMs)) && isAlive(record))
      return record;
    await stop(record);
  }
  const said = readFileSync(places.log, 'utf8').slice(logStart).trim();
  throw new Error(`The database did not start in ${places.data}: ${said || 'it gave no reason'} (log: ${places.log})`);
};

/** The eighth line of postmaster.pid says when it takes connections. */
const isReady = (places: Places, pid?: number): boolean => {
  try {
    const lines = readFileSync(join(places.data, 'postmaster.pid'), 'utf8').split('\n');
    return lines[7]?.trim() === 'ready' && (pid === undefined || Number(lines[0]) === pid);
  } catch {
    return false;
  }
};

/** Fast shutdown, then immediate, then the whole group at once. */
const stop = async (running: { pid: number; start: string }): Promise<void> => {
  const gone = () => !isAlive(running);
  const steps = [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const;
  for (const [name, waitMs] of steps) {
    if (gone()) return;
    signal(name === 'SIGKILL' ? -running.pid : running.pid, name);
    if (await waitFor(gone, waitMs)) return;
  }
};

/** The first eight bytes of pg_control. */
const fileIdentifier = (places: Places): string =>
  readFileSync(join(places.data, 'global/pg_control')).readBigUInt64LE(0).toString();

const connect = (places: Places, name: string) =>
  postgres({
    path: `${places.socketDir}/.s.PGSQL.${port}`,
    user,
    database: name,
    max: 1,
    connect_timeout: 10,
    onnotice: () => undefined,
  });

const identifierMatches = async (places: Places): Promise<boolean> => {
  const sql = connect(places, 'postgres');
  try {
    const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
    return row?.id === fileIdentifier(places);
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const answersAsOurs = async (places: Places): Promise<boolean> => isReady(places) && (await identifierMatches(places));

const ensureDatabase = async (places: Places): Promise<void> => {
  const sql = connect(places, 'postgres');
  try {
    // Connections of a killed hub: nobody reads their answers any more.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'switchboard'`;
    const found = await sql`select 1 from pg_database where datname = ${database}`;
    if (found.length === 0) await sql`create database ${sql(database)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const readRecord = (path: string): RunRecord | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch {
    return null;
  }
};

const writeRecord = (path: string, record: RunRecord): void => {
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
};
