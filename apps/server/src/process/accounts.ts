import { spawn, spawnSync } from 'node:child_process';
import { lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { messageOf } from '@switchboard/core';
import { say } from '@switchboard/core/reasons';
import { type Accounts, noAccounts } from '@switchboard/core/servers';
import { endAccount, type ProcessAccount } from '@switchboard/mcp-runtime';
import type { Reason } from '@switchboard/mcp-runtime/types';
import type { Config } from '../config.ts';
import { createClaims } from './claims.ts';

/** Accounts that are one server's alone, with a home each. */
export interface OwnAccounts {
  /** For the domain: which uids there are, and how one is given back. */
  accounts: Accounts;
  /** For the runtime: the home of an account, made where there is none yet. Throws where it cannot be had. */
  open(uid: number): ProcessAccount;
  /** Gives back what no server has any more: a hub that was killed may have left it. */
  sweep(used: ReadonlySet<number>): Promise<void>;
}

/** Why programs cannot be started under a uid; null where they can. */
function refusalOf(uid: number): Reason | null {
  const { error } = spawnSync('true', { uid, gid: uid, cwd: '/', stdio: 'ignore' });
  if (error === undefined || !('code' in error)) return null;
  return error.code === 'EPERM' || error.code === 'EINVAL'
    ? say('accountsNotAllowed', { uid, code: error.code })
    : null;
}

/** Why servers cannot have accounts of their own; null where they can. */
function unavailableFor({ childUids }: Config): Reason | null {
  if (process.platform !== 'linux') return say('accountsOnLinux');
  if (process.getuid?.() !== 0) return say('accountsOnlyRoot');
  return refusalOf(childUids.first) ?? refusalOf(childUids.last);
}

/** A directory of its own that no other account can enter; an existing one must belong to the account. */
function openHome(home: string, uid: number): void {
  mkdirSync(path.dirname(home), { recursive: true, mode: 0o711 });
  try {
    mkdirSync(home, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = lstatSync(home);
  if (!found.isDirectory() || (found.uid !== uid && found.uid !== process.getuid?.())) {
    throw new Error(`its home ${home} is somebody else's`);
  }
  if (found.uid !== uid) lchownSync(home, uid, uid);
}

/** No account may write to a home meanwhile; a cache of modules can be read-only, which keeps its owner from emptying it. */
const emptyHomeScript = 'chmod 700 "$0" && chmod -R u+rwX "$0"; exec rm -rf --one-file-system -- "$0"';
const emptyTimeoutMs = 60_000;

/**
 * Empties a home as its own account, never as root, so that links in it reach only files that the account may remove.
 */
function emptyHome(home: string, uid: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', emptyHomeScript, home], {
      uid,
      gid: uid,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: 'ignore',
      timeout: emptyTimeoutMs,
      killSignal: 'SIGKILL',
    });
    child.once('error', reject);
    // The exit code says little: only root can remove the home itself, and does so where it is empty.
    child.once('exit', () => resolve());
  });
}

/** Removes a home. Rejects where something stays in it, as files of other accounts do. */
async function removeHome(home: string, uid: number): Promise<void> {
  const found = lstatSync(home, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory() && found.uid === uid) await emptyHome(home, uid);
  // A process that runs after its time is killed.
  if (!(await endAccount(uid))) throw new Error('a process of it cannot be ended');
  await rmdir(home);
}

export interface OwnAccountsOptions {
  config: Config;
  log: Logger;
  /** Directory of the homes; only root can put anything there, and everybody can pass. */
  homes: string;
  /** Directory of the claims of all hubs on this machine. */
  claims: () => string;
}

function withoutAccounts(unavailable: Reason): OwnAccounts {
  function open(): never {
    throw new Error(unavailable.text);
  }
  return { accounts: { ...noAccounts, unavailable }, open, sweep: () => Promise.resolve() };
}

/** The accounts of this hub's servers, or none where the hub cannot have them. */
export function createOwnAccounts({ config, log, homes, claims: place }: OwnAccountsOptions): OwnAccounts {
  const unavailable = unavailableFor(config);
  if (unavailable !== null) return withoutAccounts(unavailable);
  const range = config.childUids;
  const claims = createClaims(place(), config.dataDir);
  function homeOf(uid: number): string {
    return path.join(homes, String(uid));
  }

  async function release(uid: number): Promise<void> {
    try {
      if (!claims.claim(uid)) return;
      if (!(await endAccount(uid))) throw new Error('a process of it cannot be ended');
      await removeHome(homeOf(uid), uid);
      claims.giveBack(uid);
    } catch (error) {
      log.warn({ uid, error: messageOf(error) }, 'The account of a removed server was not cleared');
    }
  }

  /** A home that could not be removed may hold what other accounts put there: no new server gets it. */
  function claimNew(uid: number): boolean {
    return lstatSync(homeOf(uid), { throwIfNoEntry: false }) === undefined && claims.claim(uid);
  }

  return {
    accounts: { range, unavailable: null, claim: claimNew, release },
    open(uid) {
      if (uid < range.first || uid > range.last) throw new Error('it is outside of CHILD_UIDS');
      if (!claims.claim(uid)) throw new Error('another hub on this machine uses it');
      openHome(homeOf(uid), uid);
      return { uid, gid: uid, home: homeOf(uid) };
    },
    async sweep(used) {
      mkdirSync(homes, { recursive: true, mode: 0o711 });
      const kept = [
        ...readdirSync(homes)
          .filter((name) => /^\d+$/.test(name))
          .map(Number),
        ...claims.mine(),
      ];
      for (const uid of new Set(kept)) if (!used.has(uid)) await release(uid);
    },
  };
}
