// What the scripts share. No dependencies: these run before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const cacheDir = path.join(root, '.cache');

/** The Node.js that comes with the project; the machine's own may be older. */
export const projectNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** PATH as children of the project's own programs see it: the project's Node.js first. */
export function projectEnv(extra = {}) {
  const bin = path.join(root, 'node_modules', '.bin');
  const rest = (process.env.PATH ?? '').split(path.delimiter).filter((entry) => entry && entry !== bin);
  return { ...process.env, ...extra, PATH: [bin, ...rest].join(path.delimiter) };
}

/** PATH without the project's own programs: what installs them must not run on them. */
export function machineEnv() {
  const entries = (process.env.PATH ?? '').split(path.delimiter);
  return { ...process.env, PATH: entries.filter((entry) => !entry.includes('node_modules')).join(path.delimiter) };
}

/** Runs a program to its end; rejects with its exit code in the message where it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(command)} ${args.join(' ')} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/** Runs a program in the foreground: passes signals on and gives its exit code. */
export function runForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    function forward(signal) {
      return child.kill(signal);
    }
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}

/** Path of an installed Chromium or Chrome, null where there is none; the one without windows needs less CPU. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : null;
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'chrome',
  ];
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of names)
      if (directory && existsSync(path.join(directory, name))) return path.join(directory, name);
  }
  const known = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  return known.find((file) => existsSync(file)) ?? null;
}
