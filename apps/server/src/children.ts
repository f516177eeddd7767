import { createHash } from 'node:crypto';
import { chownSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from './config.ts';

/** Nobody: may read what everybody may, and nothing of the hub's. */
const nobody = 65_534;

/** How programs of servers are run. */
export interface ChildOptions {
  path: string;
  home: string;
  lang: string;
  tmpdir: string;
  uid?: number;
  gid?: number;
}

/** Whether any account may pass through a directory and everything above it. */
function isPassable(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Whether any account may read the file. */
const isPublic = (file: string): boolean => (statSync(file).mode & 0o004) !== 0 && isPassable(path.dirname(file));

/** Only root can make anything here, so nobody can have put something else in its place. */
const sharedBase = '/var/lib/switchboard';

/** A home that the children own: below DATA_DIR where they can get there, else in a place of root's. */
function prepareHome({ dataDir }: Config): string {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = isPassable(dataDir) ? path.join(dataDir, 'home') : path.join(sharedBase, key, 'home');
  mkdirSync(path.dirname(home), { recursive: true, mode: 0o711 });
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, nobody, nobody);
  return home;
}

/** As root, children run as nobody in a home of their own; else as the hub's user. */
export function childOptions(config: Config): ChildOptions {
  const { path: search, home, lang, tmpdir } = config.machine;
  if (process.getuid?.() !== 0) return { path: search, home, lang, tmpdir };
  return { path: search, home: prepareHome(config), lang, tmpdir, uid: nobody, gid: nobody };
}

const besideUs = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The built-in demo server as a command that children can run. */
export function demoServer(children: ChildOptions): { command: string; args: readonly string[] } {
  const built = besideUs('../dist/demo-server.js');
  const file = existsSync(built) ? built : besideUs('./demo-server.ts');
  if (children.uid === undefined || isPublic(file)) return { command: 'node', args: [file] };
  const copy = path.join(children.home, 'demo-server.mjs');
  copyFileSync(file, copy);
  chownSync(copy, nobody, nobody);
  return { command: 'node', args: [copy] };
}
