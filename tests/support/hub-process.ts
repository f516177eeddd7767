import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { type Client, createClient } from '@switchboard/api/client';
import { copyTestCluster, databaseRoom } from '@switchboard/db/testing-cluster';
import { nodeOptions } from '../../scripts/lib/node-options.mjs';
import type { Upstream, UpstreamConfig } from './mcp/upstreams.ts';
import { stopTree } from './processes.ts';

/** The hub as a program of its own: what `npm start` runs, with a data directory that goes away with it. */
export interface HubProcess extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Typed client with the administrator's key. */
  readonly api: Client;
  readonly key: string;
  /** Headers an MCP client sends. */
  readonly headers: Record<string, string>;
  /** Milliseconds from spawn to `/ready`. */
  readonly readyMs: number;
  /** What it printed. */
  output(): string;
  /** MCP URL of an endpoint; without a name the one of all servers. */
  url(endpoint?: string): string;
  sseUrl(endpoint?: string): string;
  /** Registers a server and waits until its catalog is there. */
  add(id: string, upstream: Upstream | UpstreamConfig, options?: AddOptions): Promise<void>;
  /** A second key, for another credential. */
  anotherKey(name: string): Promise<Record<string, string>>;
  /** Ends the process as told and waits; the data directory stays. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Waits until the process ended, and gives its exit code. */
  ended(): Promise<number | null>;
  /** Starts again on the same data and port. */
  restart(): Promise<void>;
}

export interface AddOptions {
  isolation?: 'session' | 'user' | 'shared';
  limits?: Record<string, number>;
  /** Do not wait until it runs. */
  wait?: boolean;
}

export interface HubOptions {
  /** The bundle in `dist` instead of the sources; `HUB_BUNDLED=1` says so for every test. */
  bundled?: boolean;
  env?: Record<string, string>;
  /** Empty, its database is made by the hub; without one the hub gets a directory with a database. */
  dataDir?: string;
  readyTimeoutMs?: number;
}

const root = path.resolve(import.meta.dirname, '../..');
const password = 'correct horse battery staple';

/** One of the server's programs: the bundle where asked for, else the source. */
export function programPath(name: 'main' | 'bridge', bundled = process.env['HUB_BUNDLED'] === '1'): string {
  return path.join(root, bundled ? `apps/server/dist/${name}.js` : `apps/server/src/${name}.ts`);
}

/** Where the test run keeps compiled modules: a hub that finds its own there starts sooner. */
export function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Running {
  child: ChildProcess;
  output: () => string;
  readyMs: number;
}

async function spawnHub(port: number, dataDir: string, options: HubOptions): Promise<Running> {
  const program = programPath('main', options.bundled);
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, program], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      LANG: 'C.UTF-8',
      PORT: String(port),
      DATA_DIR: dataDir,
      ADMIN_PASSWORD: password,
      LOG_LEVEL: 'warn',
      ...compileCache(),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-200_000);
    });
  }
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal === null) process.stderr.write(`The hub ended by itself with code ${code}:\n${output}\n`);
  });
  const deadline = started + (options.readyTimeoutMs ?? 150_000);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The hub ended with code ${child.exitCode}:\n${output}`);
    const ready = await fetch(`http://127.0.0.1:${port}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return { child, output: () => output, readyMs: performance.now() - started };
    if (performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The hub was not ready in time:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function signIn(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ username: 'admin', password: password }),
  });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
  if (!answer.ok || cookie.length === 0) throw new Error(`Signing in failed: ${answer.status} ${await answer.text()}`);
  return cookie.join('; ');
}

function waitForExit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function draftOf(id: string, config: UpstreamConfig, options: AddOptions) {
  const shared = {
    id,
    name: id,
    desired: 'on' as const,
    ...(options.isolation && { isolation: options.isolation }),
    ...(options.limits && { limits: options.limits }),
  };
  if (config.kind !== 'stdio') return { ...shared, kind: config.kind, url: config.url };
  return { ...shared, kind: config.kind, command: config.command, args: config.args, env: config.env ?? {} };
}

async function untilRunning(api: Client, id: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { status } = await api.servers.get.query({ id });
    if (status.phase === 'running' || (status.asleep && status.toolCount > 0)) return;
    if (status.phase === 'error' || performance.now() > deadline) {
      throw new Error(`${id} does not run: ${status.phase}, ${status.error ?? status.message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts the hub on a free port with an administrator, and makes a key. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(databaseRoom, 'hub-')));
  if (options.dataDir === undefined) await copyTestCluster(dataDir);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  async function removeData(): Promise<void> {
    await stopTree(dataDir);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
  let running = await spawnHub(port, dataDir, options).catch(async (error: unknown) => {
    await removeData();
    throw error;
  });
  const session = createClient(origin, { cookie: await signIn(origin) });
  const { key } = await session.keys.create.mutate({ name: 'tests' });
  const api = createClient(origin, { apiKey: key });

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    running.child.kill(signal);
    return waitForExit(running.child);
  }
  async function dispose(): Promise<void> {
    const killer = setTimeout(() => running.child.kill('SIGKILL'), 20_000);
    await end('SIGTERM');
    clearTimeout(killer);
    await removeData();
  }
  function at(base: string, endpoint?: string): string {
    return `${origin}/${base}${endpoint ? `/${endpoint}` : ''}`;
  }
  return {
    origin,
    get pid() {
      return running.child.pid ?? 0;
    },
    dataDir,
    api,
    key,
    headers: { authorization: `Bearer ${key}` },
    get readyMs() {
      return running.readyMs;
    },
    output: () => running.output(),
    url: (endpoint) => at('mcp', endpoint),
    sseUrl: (endpoint) => at('sse', endpoint),
    add: async (id, upstream, addOptions = {}) => {
      const config = 'config' in upstream ? upstream.config : upstream;
      await api.servers.create.mutate(draftOf(id, config, addOptions));
      if (addOptions.wait !== false) await untilRunning(api, id);
    },
    anotherKey: async (name) => ({ authorization: `Bearer ${(await session.keys.create.mutate({ name })).key}` }),
    end,
    ended: () => waitForExit(running.child),
    restart: async () => {
      await waitForExit(running.child);
      running = await spawnHub(port, dataDir, options);
    },
    [Symbol.asyncDispose]: dispose,
  };
}
