import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { copyTestCluster, databaseRoom } from '@switchboard/db/testing-cluster';
import { askUntil, isAlive } from '../compat/compat-app.ts';
import { type Json } from '../support/app.ts';
import { compileCache, programPath } from '../support/hub-process.ts';

/** The hub as a program of its own. */

const program = programPath('main');
const directories: string[] = [];
const children: ChildProcess[] = [];

function makeDirectory(): string {
  const directory = mkdtempSync(path.join(databaseRoom, 'switchboard-process-'));
  chmodSync(directory, 0o711);
  directories.push(directory);
  return directory;
}

/** A directory with a database in it, for what is not about the first start. */
async function makeDataDirectory(): Promise<string> {
  const directory = makeDirectory();
  await copyTestCluster(directory);
  return directory;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  output(): string;
  errors(): string;
  ended: Promise<number | null>;
}

function start(env: Record<string, string>, argv = [program]): Run {
  const machine = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };
  const child = spawn(process.execPath, argv, {
    env: { ...machine, PORT: '0', ...compileCache(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => output, errors: () => errors, ended };
}

async function urlOf(run: Run): Promise<string> {
  const output = await askUntil(
    () => Promise.resolve(run.output()),
    (text) => text.includes('/ui/'),
    90_000,
  );
  return /(http:\/\/\S+)\/ui\//.exec(output)?.[1] ?? '';
}

async function signIn(url: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  return ((await response.json()) as Json).data.token;
}

describe('a flag', () => {
  const startFile = path.join(import.meta.dirname, '../../scripts/start.mjs');
  const manifest = readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(manifest);

  describe.each([
    ['of the program', program],
    ['of npm start', startFile],
  ])('%s', (_name, file) => {
    test.each([
      ['--version', 0, version, /^$/],
      ['--help', 0, 'Usage: ', /^$/],
      ['--port=4000', 2, '', /^"--port=4000" is not known: the flags are --help and --version[^\n]*\n$/],
      ['serve', 2, '', /^"serve" is not known[^\n]*\n$/],
    ])('%s is answered, and nothing starts or is written', async (flag, code, output, errors) => {
      const parent = makeDirectory();
      const dataDir = path.join(parent, 'data');
      const run = start({ DATA_DIR: dataDir, PORT: 'high' }, [file, flag]);
      expect(await run.ended).toBe(code);
      expect(run.output()).toContain(output);
      expect(run.errors()).toMatch(errors);
      expect(existsSync(dataDir)).toBe(false);
    });
  });
});

describe('a bad setting', () => {
  async function oneLine(env: Record<string, string>, pattern: RegExp) {
    const run = start({ DATA_DIR: await makeDataDirectory(), ...env });
    expect(await run.ended).toBe(1);
    expect(run.errors().trimEnd()).toMatch(pattern);
    expect(run.errors().trimEnd()).not.toContain('\n');
  }

  test('stops the start with one line that names it', () => oneLine({ PORT: 'high' }, /^PORT: /));

  test('a database that is not there is one', () =>
    oneLine({ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /^DATABASE_URL: .*ECONNREFUSED/));

  test('a config file that is not there is one', () =>
    oneLine({ MCP_CONFIG: '/nowhere/mcp.json' }, /^MCP_CONFIG: .*\/nowhere\/mcp\.json/));

  test('a port that is taken is one', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    await oneLine({ PORT: String((other.address() as AddressInfo).port) }, /^PORT: .*taken/);
    other.close();
  });
});

test('a data directory that another hub uses is refused in one line', async () => {
  const dataDir = await makeDataDirectory();
  await urlOf(start({ DATA_DIR: dataDir }));
  const second = start({ DATA_DIR: dataDir });
  expect(await second.ended).toBe(1);
  expect(second.errors().trimEnd()).toMatch(/^DATA_DIR: .* is in use by another Switchboard \(process \d+\)\..*$/);
});

describe('a first start', () => {
  test('keeps the generated password and key in private files, and ends clean on SIGTERM', async () => {
    const dataDir = makeDirectory();
    const run = start({ DATA_DIR: dataDir });
    const url = await urlOf(run);
    const password = readFileSync(path.join(dataDir, 'admin-password'), 'utf8').trim();
    for (const file of ['admin-password', 'secret-key']) {
      expect(statSync(path.join(dataDir, file)).mode & 0o777, file).toBe(0o600);
    }
    expect(run.output()).not.toContain(password);
    const token = await signIn(url, password);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await fetch(`${url}/trpc/servers.addDemo`, { method: 'POST', headers, body: '{}' });
    const { pid } = await askUntil(
      async () => ((await (await fetch(`${url}/api/servers/demo`, { headers })).json()) as Json).data,
      ({ status }) => status === 'running',
    );
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(path.join(dataDir, 'pg', 'data', 'postmaster.pid'))).toBe(false);
    expect(run.errors()).toBe('');
  });

  test('another key on the same data is refused in one line', async () => {
    const dataDir = await makeDataDirectory();
    const first = start({ DATA_DIR: dataDir });
    await urlOf(first);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = start({ DATA_DIR: dataDir, SECRET_KEY: Buffer.alloc(32, 7).toString('base64') });
    expect(await second.ended).toBe(1);
    expect(second.errors().trim()).toMatch(/^SECRET_KEY is not the key[^\n]*$/);
  });

  test('applies the servers of MCP_CONFIG, and again without harm', async () => {
    const dataDir = await makeDataDirectory();
    const file = path.join(dataDir, 'mcp.json');
    const servers = {
      quiet: { command: 'node', args: ['-e', '0'], disabled: true },
      far: { url: 'http://127.0.0.1:9/mcp' },
      高德地图: { command: 'node', args: ['-e', '0'], disabled: true },
      '🙂': { command: 'node', args: ['-e', '0'], disabled: true },
    };
    writeFileSync(file, JSON.stringify({ mcpServers: servers }));
    for (let round = 0; round < 2; round += 1) {
      const run = start({ DATA_DIR: dataDir, MCP_CONFIG: file, ADMIN_PASSWORD: 'a long enough password' });
      const url = await urlOf(run);
      const token = await signIn(url, 'a long enough password');
      const response = await fetch(`${url}/api/servers`, { headers: { authorization: `Bearer ${token}` } });
      const { data } = (await response.json()) as Json;
      const enabled = Object.fromEntries(data.items.map((item: Json) => [item.name, item.enabled]));
      expect(data.items).toHaveLength(4);
      expect(enabled).toEqual({ quiet: false, far: true, 高德地图: false, '🙂': false });
      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(0);
    }
  });

  test('SIGTERM while it starts ends it, with nothing left', async () => {
    const dataDir = makeDirectory();
    const run = start({ DATA_DIR: dataDir });
    await askUntil(
      () => Promise.resolve(existsSync(path.join(dataDir, 'pg'))),
      (exists) => exists,
    );
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(existsSync(path.join(dataDir, 'pg', 'data', 'postmaster.pid'))).toBe(false);
  });
});
