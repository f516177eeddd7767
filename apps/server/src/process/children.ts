import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, copyFileSync, existsSync, lchownSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { createConfinement, type ProcessOptions } from '@switchboard/mcp-runtime';
import type { Config } from '../config.ts';
import { createOwnAccounts, type OwnAccounts } from './accounts.ts';

/** The user `nobody`: may read world-readable files, and none of the hub's. */
const nobody = 65_534;

/** How programs of servers are run. */
export interface Children {
  process: Omit<ProcessOptions, 'records'>;
  own: OwnAccounts;
  /** A folder that every account may read and only the hub may write. */
  shared: string;
}

/** Whether any account may pass through a directory and everything above it. */
function isPassable(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Whether any account may read the file. */
function isPublic(file: string): boolean {
  return (statSync(file).mode & 0o004) !== 0 && isPassable(path.dirname(file));
}

/** Only root can make anything here, so nobody can have put something else in its place. */
const sharedBase = '/var/lib/switchboard';

/** A place for homes: in DATA_DIR where the children can get there, else one of root's. */
function basePlace({ dataDir }: Config): string {
  if (isPassable(dataDir)) return dataDir;
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const base = path.join(sharedBase, key);
  mkdirSync(base, { recursive: true, mode: 0o711 });
  return base;
}

/** The home of all programs that have no account of their own. */
function prepareHome(base: string): string {
  const home = path.join(base, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // Not through a link: this is done as root.
  lchownSync(home, nobody, nobody);
  return home;
}

/** One place for all hubs of the machine; where it is read-only, as in some containers, there is one hub. */
function claimsPlace(base: string): string {
  const common = path.join(sharedBase, 'uids');
  try {
    mkdirSync(common, { recursive: true, mode: 0o755 });
    accessSync(common, constants.W_OK);
    return common;
  } catch {
    return path.join(base, 'uids');
  }
}

function confinementOf(config: Config, log: Logger) {
  if (process.platform !== 'linux') return undefined;
  const confinement = createConfinement({
    limits: config.childLimits,
    noNewPrivileges: config.childNoNewPrivileges,
  });
  const { missing } = confinement;
  if (missing.length > 0) log.warn({ missing }, 'Programs of servers are less confined: this machine lacks a tool');
  return confinement;
}

/** As root, children run as `nobody` or under accounts of their own, in homes of their own; else as the hub's user. */
export function createChildren(config: Config, log: Logger): Children {
  const { path: search, home, lang, tmpdir } = config.machine;
  const isRoot = process.getuid?.() === 0;
  const shared = isRoot ? basePlace(config) : config.dataDir;
  const own = createOwnAccounts({
    config,
    log,
    homes: path.join(shared, 'homes'),
    claims: () => claimsPlace(shared),
  });
  if (isRoot && own.accounts.unavailable !== null) {
    log.warn({ reason: own.accounts.unavailable.text }, 'All programs of servers share one account');
  }
  const confinement = confinementOf(config, log);
  const common = { path: search, lang, tmpdir, handedOn: config.childEnv, ...(confinement && { confinement }) };
  if (!isRoot) return { process: { ...common, home }, own, shared };
  const account = { home: prepareHome(shared), uid: nobody, gid: nobody };
  return { process: { ...common, ...account, ownAccount: own.open }, own, shared };
}

function besideUs(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The built-in demo server as a command that children can run. */
export function demoServer({ process: { uid }, shared }: Children): { command: string; args: readonly string[] } {
  const built = besideUs('../../dist/demo-server.js');
  const file = existsSync(built) ? built : besideUs('../demo-server.ts');
  if (uid === undefined || isPublic(file)) return { command: 'node', args: [file] };
  const copy = path.join(shared, 'demo-server.mjs');
  copyFileSync(file, copy);
  chmodSync(copy, 0o644);
  return { command: 'node', args: [copy] };
}
