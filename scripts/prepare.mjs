// Makes a checkout ready to run: installs what the lock file names, builds what is stale. Safe to run twice at once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { cacheDir, machineEnv, projectEnv, projectNode, root, run } from './lib/tools.mjs';

const lockFile = path.join(cacheDir, 'prepare.lock');
const ignored = new Set(['node_modules', 'dist', '.turbo', 'data']);

const builds = [
  {
    name: 'page',
    sources: ['apps/web', 'packages/api/src', 'packages/core/src', 'packages/db/src/words.ts', 'package-lock.json'],
    output: 'apps/web/dist/index.html',
    needs: 'apps/web/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', 'apps/web'],
  },
  {
    name: 'server',
    sources: ['apps/server/src', 'packages', 'package-lock.json', 'scripts/bundle.mjs', 'scripts/lib/flags.mjs'],
    output: 'apps/server/dist/main.js',
    needs: 'apps/server/src/main.ts',
    command: ['scripts/bundle.mjs'],
  },
];

function* filesUnder(entry) {
  const absolute = path.join(root, entry);
  if (!existsSync(absolute)) return;
  let children;
  try {
    children = readdirSync(absolute, { withFileTypes: true });
  } catch {
    yield entry;
    return;
  }
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (ignored.has(child.name)) continue;
    const name = `${entry}/${child.name}`;
    if (child.isDirectory()) yield* filesUnder(name);
    else if (child.isFile() && !/\.test\.tsx?$/.test(child.name)) yield name;
  }
}

function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(source))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

function stampOf(name) {
  return path.join(cacheDir, `${name}.stamp`);
}
function readStamp(name) {
  return existsSync(stampOf(name)) ? readFileSync(stampOf(name), 'utf8') : null;
}

/** True where node_modules holds what the lock file names, whoever installed it. */
function isInstalled() {
  const hidden = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden) || !existsSync(projectNode)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {};
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(wanted).every(([name, entry]) => {
    if (!name.includes('node_modules/')) return true;
    const found = installed[name];
    return found ? found.version === entry.version : entry.optional === true || entry.peer === true;
  });
}

function npm(args) {
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel', 'error'], {
    env: machineEnv(),
    shell: process.platform === 'win32',
  });
}

async function install() {
  const lock = fingerprint(['package-lock.json']);
  if (readStamp('install') === lock && existsSync(projectNode)) return;
  if (!isInstalled()) {
    console.log('Installing the dependencies …');
    try {
      await npm(['ci']);
    } catch {
      // npm ci refuses a lock file that lacks an optional package of another platform.
      await npm(['install', '--no-save']);
    }
  }
  writeFileSync(stampOf('install'), lock);
}

async function build({ name, sources, output, needs, command }) {
  if (!existsSync(path.join(root, needs))) return;
  const now = fingerprint(sources);
  if (readStamp(name) === now && existsSync(path.join(root, output))) return;
  console.log(`Building the ${name} …`);
  await run(projectNode, command, { env: projectEnv({ NODE_ENV: 'production' }) });
  writeFileSync(stampOf(name), now);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function takeLock() {
  mkdirSync(cacheDir, { recursive: true });
  for (let told = false; ;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : 0);
    if (holder && !isAlive(holder)) rmSync(lockFile, { force: true });
    else if (!told) {
      told = true;
      console.log('Waiting for another preparation of this checkout …');
    }
    await sleep(150);
  }
}

/** Installs and builds what is missing or stale. */
export async function prepare() {
  await takeLock();
  function release() {
    rmSync(lockFile, { force: true });
  }
  process.once('exit', release);
  try {
    await install();
    for (const step of builds) await build(step);
  } finally {
    process.off('exit', release);
    release();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await prepare();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
