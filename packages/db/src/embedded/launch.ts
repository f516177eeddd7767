import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@switchboard/basics';
import { giveTree, namedAccount, type Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import {
  fileIdentifier,
  port,
  readPidFile,
  startTimeoutMs,
  stopProcess,
  user,
  writeRecord,
  type RunRecord,
} from './cluster.ts';
import type { Places } from './places.ts';
import { identify, isAlive, sleep } from './process.ts';

const minimalEnv = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };
const largestLog = 5_000_000;

/** Creates the cluster under another name and renames it, so that a half-made one is never used. */
export function initialise(places: Places, binaries: Binaries, account: Account | null): void {
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
}

export interface Launch {
  binaries: Binaries;
  settings: Readonly<Record<string, string>>;
  setup: string;
  account: Account | null;
}

const attempts = 20;

/** Starts PostgreSQL and waits until it takes connections. */
export async function launch(places: Places, options: Launch): Promise<RunRecord> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryLaunch(places, options);
    if (typeof outcome !== 'string') return outcome;
    // Children of one that was killed are still on their way out.
    const passes = outcome.includes('pre-existing shared memory block') && attempt < attempts;
    if (!passes) {
      const reason = outcome || 'it gave no reason';
      throw new Error(`The database did not start in ${places.data}: ${reason} (log: ${places.log})`);
    }
    await sleep(250);
  }
}

async function tryLaunch(places: Places, { binaries, settings, setup, account }: Launch): Promise<RunRecord | string> {
  if (existsSync(places.log) && statSync(places.log).size > largestLog) truncateSync(places.log);
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
  const { pid } = child;
  if (pid === undefined) return (await failed).message;
  const identity = identify(pid);
  if (identity) {
    const uid = account?.uid ?? identity.uid;
    const record: RunRecord = { ...identity, uid, systemIdentifier: fileIdentifier(places), setup };
    writeRecord(places.record, record);
    function isReady(): boolean {
      const said = readPidFile(places);
      return said !== null && said.pid === pid && said.ready;
    }
    await waitFor(() => !isAlive(record) || isReady(), { timeoutMs: startTimeoutMs });
    if (isAlive(record) && isReady()) return record;
    await stopProcess(record);
  }
  return readFileSync(places.log, 'utf8').slice(logStart).trim();
}
