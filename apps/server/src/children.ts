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

/** Whether any account may read the file: every directory above it lets others through. */
export function isPublic(file: string): boolean {
  if ((statSync(file).mode & 0o004) === 0) return false;
  for (let at = path.dirname(file); ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** A home that the children own: below DATA_DIR where they can get there, else below the temporary directory. */
function prepareHome(config: Config): string {
  const isReachable = isPublic(path.join(config.dataDir, '..')) && (statSync(config.dataDir).mode & 0o001) !== 0;
  const home = path.join(
    isReachable ? config.dataDir : config.machine.tmpdir,
    isReachable ? 'home' : 'switchboard-home',
  );
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
