import { execFile } from 'node:child_process';
import { access, chmod, constants, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '@switchboard/core';
import { say } from '@switchboard/core/reasons';
import { LinkError } from '@switchboard/mcp-runtime';

const run = promisify(execFile);

/** The version with which the import map and the flags of `deno.ts` were tested. */
const version = '2.9.6';
const fetchLimitMs = 300_000;
/** The oldest that is taken from the path. */
const leastMajor = 2;
const leastMinor = 9;
const askLimitMs = 10_000;

export interface DenoOptions {
  /** The path of the program; null = the one on the path where it is new enough, else one that is fetched. */
  program: string | null;
  /** The folder for a fetched program: every account has to be able to read it. */
  folder: string;
  /** The environment for the version check, and for the program that fetches it. */
  env: Readonly<Record<string, string>>;
}

/** Returns the program, fetching it first where it is missing; null where there is none for this machine. */
export type FindDeno = (events: { fetching(): void }) => Promise<string | null>;

/** The package of npm's registry that has the program for this machine. */
function packageName(): string | null {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const isGlibc = process.platform === 'linux' && report.header?.glibcVersionRuntime !== undefined;
  return isGlibc && ['x64', 'arm64'].includes(process.arch) ? `@deno/linux-${process.arch}-glibc` : null;
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The effect of the import map and the flags in an older version is unknown. */
async function isNewEnough(file: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const options = { env, timeout: askLimitMs, killSignal: 'SIGKILL', maxBuffer: 4_096 } as const;
  const { stdout } = await run(file, ['--version'], options).catch(() => ({ stdout: '' }));
  const [, major, minor] = /^deno (\d{1,4})\.(\d{1,4})\./.exec(stdout) ?? [];
  return Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
}

async function onPath(env: Readonly<Record<string, string>>): Promise<string | null> {
  for (const directory of (env['PATH'] ?? '').split(':').filter(path.isAbsolute)) {
    const file = path.join(directory, 'deno');
    if ((await isProgram(file)) && (await isNewEnough(file, env))) return file;
  }
  return null;
}

/** Downloads it with npm, which checks what it gets, and runs nothing of it. */
async function fetchTo(file: string, name: string, { folder, env }: DenoOptions): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const place = await mkdtemp(path.join(folder, 'fetching-'));
  try {
    const flags = [
      '--ignore-scripts',
      `--cache=${path.join(place, 'cache')}`,
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--no-package-lock',
    ];
    const options = { cwd: place, env, timeout: fetchLimitMs };
    await run('npm', ['install', '--prefix', place, ...flags, `${name}@${version}`], options).catch(
      (error: unknown) => {
        const { stderr = '' } = error as { stderr?: string };
        const last = stderr.trim().split('\n').slice(0, 3).join(' ').slice(0, 300);
        throw new LinkError('unreachable', say('denoNotFetched', { reason: last || messageOf(error) }), {
          cause: error,
        });
      },
    );
    const got = path.join(place, 'got');
    await copyFile(path.join(place, 'node_modules', name, 'deno'), got);
    await chmod(got, 0o755);
    await rename(got, file);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Looks for Deno once, and again where that failed. */
export function findDenoWith(options: DenoOptions): FindDeno {
  const { program, folder, env } = options;
  let there: string | null = null;
  let fetched: Promise<void> | null = null;
  return async ({ fetching }) => {
    if (program !== null) return program;
    if (there === null || !(await isProgram(there))) there = await onPath(env);
    const name = packageName();
    if (there !== null || name === null) return there;
    const file = path.join(folder, `deno-${version}`);
    if (await isProgram(file)) return file;
    fetched ??= fetchTo(file, name, options).finally(() => (fetched = null));
    const telling = setInterval(fetching, 1_000);
    try {
      fetching();
      await fetched;
    } finally {
      clearInterval(telling);
    }
    return file;
  };
}
