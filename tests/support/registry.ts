import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Registry extends AsyncDisposable {
  /** With a final slash, as npm has it. */
  url: string;
  /** Paths that were asked for. */
  asked: string[];
}

/** A package: its dependencies, and the program that npx starts, where it has one. */
export interface Package {
  /** Bytes of noise in it. */
  bytes?: number;
  dependencies?: readonly string[];
  program?: string;
}

export interface RegistryOptions {
  packages?: Readonly<Record<string, Package>>;
  /** How long it thinks before each answer, in milliseconds. */
  delayMs?: number;
  /** Bytes of each file of a package a second; default: as fast as can be. */
  bytesPerSecond?: number;
  /** Key and certificate, for https. */
  tls?: { key: string; cert: string };
}

function pack(name: string, { dependencies = [], program, bytes = 0 }: Package): { manifest: object; tarball: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchboard-package-'));
  try {
    mkdirSync(path.join(folder, 'package'));
    const manifest = {
      name,
      version: '1.0.0',
      dependencies: Object.fromEntries(dependencies.map((each) => [each, '1.0.0'])),
      ...(program !== undefined && { bin: { [name]: 'program.js' } }),
    };
    writeFileSync(path.join(folder, 'package/package.json'), JSON.stringify(manifest));
    if (program !== undefined)
      writeFileSync(path.join(folder, 'package/program.js'), `#!/usr/bin/env node\n${program}`);
    writeFileSync(path.join(folder, 'package/noise'), randomBytes(bytes));
    execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder });
    return { manifest, tarball: readFileSync(path.join(folder, 'package.tgz')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends a file no faster than this, five times a second. */
async function trickle(response: ServerResponse, file: Buffer, bytesPerSecond: number): Promise<void> {
  const most = Math.min(file.length, Math.ceil(bytesPerSecond / 5));
  for (let at = 0; at + most < file.length && !response.destroyed; at += most) {
    response.write(file.subarray(at, at + most));
    await sleep(200);
  }
  response.end(file.subarray(Math.floor((file.length - 1) / most) * most));
}

/** A registry of npm packages on a free port of this machine. */
export async function createRegistry({
  packages = {},
  delayMs = 0,
  bytesPerSecond = Infinity,
  tls,
}: RegistryOptions = {}): Promise<Registry> {
  const packed = new Map(Object.entries(packages).map(([name, each]) => [name, pack(name, each)]));
  const asked: string[] = [];
  let url = '';
  const answer: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://registry');
    asked.push(pathname);
    const isTarball = pathname.endsWith('.tgz');
    const name = decodeURIComponent(pathname.slice(1)).replace(/\/-\/.*$/, '');
    const found = packed.get(name);
    void sleep(delayMs).then(() => {
      if (found === undefined) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
      } else if (isTarball) void trickle(response.writeHead(200), found.tarball, bytesPerSecond);
      else {
        const version = { ...found.manifest, dist: { tarball: `${url}${name}/-/${name}-1.0.0.tgz` } };
        const body = { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      }
    });
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
