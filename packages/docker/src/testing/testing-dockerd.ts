import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../engine/engine.ts';
import { parseEngineHost } from '../engine/host.ts';

const program = '/usr/sbin/dockerd';

/** An engine of a test's own, which may be stopped and started without disturbing anybody. */
export interface OwnEngine extends AsyncDisposable {
  /** In the form of `DOCKER_HOST`. */
  host: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops and continues the process without ending it: an engine that hangs. */
  freeze(): Promise<void>;
  thaw(): void;
}

/** Needs root, because an engine does. */
export function canRunEngine(): boolean {
  return existsSync(program) && process.getuid?.() === 0;
}

/** Whether each thread of a process is stopped: the signal reaches them one after the other. */
async function isStopped(pid: number): Promise<boolean> {
  const tasks = `/proc/${pid}/task`;
  const states = (await readdir(tasks)).map(async (id) => {
    const stat = await readFile(join(tasks, id, 'stat'), 'utf8').catch(() => ') T');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  });
  return (await Promise.all(states)).every((stopped) => stopped);
}

/** Starts an engine with its own store. It has no network to the outside, and its containers none but `none`. */
export async function startOwnEngine(): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'dockerd-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const words = [
    `--host=${host}`,
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--pidfile=${join(folder, 'pid')}`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--shutdown-timeout=2',
  ];
  let child: ChildProcess | null = null;

  async function start() {
    // A network of its own: engines in one remove each other's bridge.
    child = spawn('unshare', ['--net', program, ...words], { stdio: 'ignore', detached: true });
    const engine = createEngine({ host: parseEngineHost(host) });
    for (let tries = 0; tries < 200; tries += 1) {
      const up = await engine.ping({ timeoutMs: 1_000 }).then(
        () => true,
        () => false,
      );
      if (up) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await engine.close();
  }
  async function stop() {
    const running = child;
    if (running === null || running.exitCode !== null) return;
    child = null;
    const ended = new Promise((resolve) => running.once('close', resolve));
    running.kill('SIGCONT');
    running.kill('SIGTERM');
    await ended;
  }

  await start();
  return {
    host,
    start,
    stop,
    freeze: async () => {
      const pid = child?.pid;
      if (pid === undefined) return;
      process.kill(pid, 'SIGSTOP');
      while (!(await isStopped(pid))) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    thaw: () => void child?.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
