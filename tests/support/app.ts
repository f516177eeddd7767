import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Client, createClient } from '@switchboard/api/client';
import type { Core } from '@switchboard/core';
import { createHubLog } from '@switchboard/core/logs';
import type { Connection } from '@switchboard/db';
import { createTestDb } from '@switchboard/db/testing';
import type { Runtime } from '@switchboard/mcp-runtime/types';
import { startServer } from '@switchboard/server';
import { loadConfig } from '@switchboard/server/config';
import { createLogger } from '@switchboard/server/log';

export interface TestApp extends AsyncDisposable {
  /** Where it listens, without a final slash. */
  url: string;
  core: Core;
  runtime: Runtime;
  dataDir: string;
  /** Its database, for what nobody may do through the hub. */
  connection: Connection;
  /** An access token of the admin; empty with AUTH_MODE=open. */
  token: string;
  /** Requests with the admin's token, by path. A given `body` that is no string is sent as JSON. */
  fetch(pathname: string, init?: TestInit): Promise<Response>;
  /** Like `fetch`, and reads the JSON answer. */
  json(pathname: string, init?: TestInit): Promise<{ status: number; headers: Headers; body: Json }>;
  client(): Client;
  stop(): Promise<void>;
}

/** Whatever an answer holds; tests look into it. */
// oxlint-disable-next-line typescript/no-explicit-any -- answers are compared, not used
export type Json = any;

export interface TestInit {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** False: without credentials. */
  auth?: boolean;
  signal?: AbortSignal;
}

export const adminPassword = 'correct horse battery staple';

/** What a test may set besides the defaults: the hub's own settings, by their names. */
export type TestEnv = Readonly<Record<string, string>>;

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
  });
  const answer = (await response.json()) as Json;
  if (!response.ok) throw new Error(`The test admin cannot sign in: ${JSON.stringify(answer)}`);
  return answer.data.token;
}

function toRequest({ method, headers, body, auth = true, signal }: TestInit, token: string): RequestInit {
  const isJson = body !== undefined && typeof body !== 'string';
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(auth && token !== '' && { authorization: `Bearer ${token}` }),
      ...(isJson && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
    ...(signal && { signal }),
  };
}

/** A whole hub in this process, on a free port, with a database of its own; gone with `await using`. */
export async function createTestApp(env: TestEnv = {}): Promise<TestApp> {
  const db = await createTestDb();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'switchboard-test-'));
  async function clean() {
    await db.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  try {
    return await startIn(dataDir, db, env, clean);
  } catch (error) {
    await clean();
    throw error;
  }
}

async function startIn(
  dataDir: string,
  db: Awaited<ReturnType<typeof createTestDb>>,
  env: TestEnv,
  clean: () => Promise<void>,
): Promise<TestApp> {
  chmodSync(dataDir, 0o711);
  const defaults = {
    PORT: '0',
    DATA_DIR: dataDir,
    ADMIN_PASSWORD: adminPassword,
    LOG_LEVEL: 'silent',
    DRAIN_TIMEOUT: '3s',
  };
  const config = loadConfig({ PATH: process.env['PATH'], HOME: process.env['HOME'], ...defaults, ...env });
  const hubLog = createHubLog();
  const log = createLogger(config, hubLog.write);
  const server = await startServer({ config, log, hubLog, connection: db.connection });
  const { url, core, runtime } = server;
  const token = config.authMode === 'open' ? '' : await signIn(url);
  function send(pathname: string, init: TestInit = {}) {
    return fetch(`${url}${pathname}`, toRequest(init, token));
  }
  async function stop() {
    await server.stop();
    await clean();
  }
  return {
    url,
    core,
    runtime,
    dataDir,
    connection: db.connection,
    token,
    fetch: send,
    async json(pathname, init) {
      const response = await send(pathname, init);
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    },
    client: () => createClient(url, token === '' ? {} : { token }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
