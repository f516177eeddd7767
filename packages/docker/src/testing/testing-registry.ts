import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { withSignal } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import { readJsonLines } from '../engine/json-lines.ts';

const program = '/usr/bin/docker-registry';

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:port`, the beginning of its image names. */
  address: string;
  /** Removes what it stores, so that a pull fails half-way. */
  loseLayers(): Promise<void>;
}

export function hasRegistry(): boolean {
  return existsSync(program);
}

/** A real registry on a loopback port, with its store in a temporary folder. */
export async function startRegistry(): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'config.yml');
  const store = join(folder, 'store');
  await writeFile(
    config,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${store}}}\nhttp: {addr: "${address}"}\n`,
  );
  const child = spawn(program, ['serve', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  for (let tries = 0; tries < 100; tries += 1) {
    const answers = await fetch(`http://${address}/v2/`).catch(() => null);
    if (answers?.ok === true) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    address,
    loseLayers: () => rm(join(store, 'docker/registry/v2/blobs'), { recursive: true }),
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** Gives an image a name in a registry and pushes it there. */
export async function pushImage(engine: Engine, image: string, as: string): Promise<void> {
  await engine.images.tag(image, as);
  const stream = await engine.connection.call(
    (signal) => engine.connection.docker.getImage(as).push(withSignal({ authconfig: {} }, signal)),
    { timeoutMs: 0 },
  );
  for await (const { error } of readJsonLines<{ error?: string }>(stream as Readable)) {
    if (error !== undefined) throw new Error(error);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
