import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DbAddress } from '../client.ts';
import { databaseAccount } from './account.ts';
import { adopt, clearLeftovers } from './adopt.ts';
import { findBinaries } from './binaries.ts';
import { connect, port, stopProcess, user } from './cluster.ts';
import { initialise, launch } from './launch.ts';
import { takeLock } from './lock.ts';
import { preparePlaces, spareDirOf, type Places, type Report } from './places.ts';
import { supervise } from './supervise.ts';

export interface EmbeddedOptions {
  /** DATA_DIR; the database is in its `pg`. */
  dataDir: string;
  /** Told what an operator should know, in a sentence. */
  tell?: Report;
  /** Called when the database ended again and again and is not started any more; default: `tell`. */
  giveUp?: Report;
  /** Added to the server's settings. */
  settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  address: DbAddress;
  /** Of the process that runs now. */
  readonly pid: number;
  /** True where it was still running from before. */
  adopted: boolean;
  /** The reason why it is away, or null: a database that ends is started again. */
  trouble(): string | null;
  /** Called when it has ended, is back, or is not started any more. */
  subscribe(listener: () => void): () => void;
  stop(): Promise<void>;
}

const database = 'switchboard';

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

/** Starts the hub's own PostgreSQL in DATA_DIR, or adopts the one that a killed hub left running there. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new Error('The built-in PostgreSQL does not run on Windows yet. Set DATABASE_URL.');
  }
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
    const how = { binaries, settings, setup, account };
    const running = found ?? (await launch(places, how));
    await ensureDatabase(places);
    async function start() {
      await clearLeftovers(places);
      return launch(places, how);
    }
    const supervisor = supervise({ places, running, start, giveUp: options.giveUp ?? tell });
    return {
      address: { socketDir: places.socketDir, port, user, database },
      get pid() {
        return supervisor.running.pid;
      },
      adopted: found !== null,
      trouble: supervisor.trouble,
      subscribe: supervisor.subscribe,
      stop: async () => {
        await supervisor.stop();
        await stopProcess(supervisor.running);
        rmSync(places.record, { force: true });
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function ensureDatabase(places: Places): Promise<void> {
  const sql = connect(places, 'postgres');
  try {
    // Connections of a killed hub: nobody reads their answers any more.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'switchboard'`;
    const found = await sql`select 1 from pg_database where datname = ${database}`;
    if (found.length === 0) await sql`create database ${sql(database)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
