import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pack } from 'tar-stream';
import { withSignal } from '../engine/connection.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { parseEngineHost } from '../engine/host.ts';
import { readJsonLines } from '../engine/json-lines.ts';

/** Every object that tests make carries this label, with the run as its value. */
export const testLabel = 'switchboard.test';

const busybox = '/bin/busybox';
const applets =
  'sh ls find cat echo sleep id env true false head tail dd seq wc mkdir rm ln touch stat df mount ps kill nc wget httpd sync yes stty tty test grep sed awk cut od printf date nproc ulimit hostname ip ping chmod'.split(
    ' ',
  );

/** The address of the engine for tests, or the reason why there is none. */
export async function findTestEngine(): Promise<{ host: string } | { missing: string }> {
  const host = process.env['DOCKER_HOST'] ?? '';
  const engine = createEngine({ host: parseEngineHost(host) });
  const missing = await engine.ping({ timeoutMs: 5_000 }).then(
    () => (existsSync(busybox) ? null : `Test images are made of ${busybox}: install busybox-static.`),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  await engine.close();
  if (missing === null) return { host };
  if (process.env['SWITCHBOARD_NO_SKIP'] === '1') throw new Error(`Nothing may be skipped here, but: ${missing}`);
  return { missing };
}

/** The title of a suite that needs an engine, with the reason where it is skipped. */
export function suiteTitle(name: string, found: { host: string } | { missing: string }): string {
  return 'missing' in found ? `${name} (skipped: ${found.missing})` : name;
}

export interface TestEngine extends AsyncDisposable {
  engine: Engine;
  /** Labels for everything a test makes. */
  labels: Record<string, string>;
  /** The same as a filter. */
  label: string;
  /** Begins every name, so that tests of several files do not meet. */
  prefix: string;
  /** An image with a shell and small tools. */
  image: string;
  /** Removes whatever carries the labels. */
  sweep(): Promise<void>;
}

/** An engine with an image of its own; whatever was made with its labels is removed at the end. */
export async function openTestEngine(host = ''): Promise<TestEngine> {
  const run = randomBytes(4).toString('hex');
  const labels = { [testLabel]: run };
  const engine = createEngine({ host: parseEngineHost(host) });
  const image = `switchboard-test/busybox:${run}`;
  await importImage(engine, image, labels, await busyboxRoot(), ['CMD ["sleep","600"]']);
  function sweep() {
    return removeLabelled(engine, `${testLabel}=${run}`);
  }
  engine.start();
  return {
    engine,
    labels,
    label: `${testLabel}=${run}`,
    image,
    prefix: `sbt-${run}`,
    sweep,
    [Symbol.asyncDispose]: async () => {
      await sweep();
      await engine.close();
    },
  };
}

/** Makes an image of a root file system; `changes` are lines of a Dockerfile. */
export async function importImage(
  engine: Engine,
  tag: string,
  labels: Record<string, string>,
  root: Readable,
  changes: readonly string[] = [],
): Promise<void> {
  const [repo = '', version = 'latest'] = tag.split(':');
  const lines = [
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
    'ENV PATH=/bin',
    ...changes,
  ];
  const stream = await engine.connection.call(
    (signal) => engine.connection.docker.importImage(root, withSignal({ repo, tag: version, changes: lines }, signal)),
    { timeoutMs: 0 },
  );
  for await (const { error } of readJsonLines<{ error?: string }>(stream as Readable)) {
    if (error !== undefined) throw new Error(error);
  }
}

/** A root with busybox, its applets and the folders that programs expect. */
export async function busyboxRoot(): Promise<Readable> {
  const root = pack();
  for (const name of ['bin', 'etc', 'tmp', 'root', 'data', 'run']) {
    root.entry({ name, type: 'directory', mode: name === 'tmp' ? 0o1777 : 0o755 });
  }
  root.entry({ name: 'etc/passwd' }, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n');
  root.entry({ name: 'etc/group' }, 'root:x:0:\nnogroup:x:65534:\n');
  for (const name of applets) root.entry({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' });
  root.entry({ name: 'bin/busybox', mode: 0o755 }, await readFile(busybox));
  root.finalize();
  return root as unknown as Readable;
}

/** Bytes of buffers that are still in use. */
export function buffersInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

/** Removes every container, network, volume and image with a label. */
export async function removeLabelled(engine: Engine, label: string): Promise<void> {
  const [name = '', value] = label.split('=');
  function matches({ labels }: { labels: Record<string, string> }) {
    return value === undefined ? name in labels : labels[name] === value;
  }
  const left = (await engine.containers.list({ labels: [label] })).values();
  async function worker() {
    for (const { id } of left) await engine.containers.remove(id, { force: true, volumes: true }).catch(() => {});
  }
  await Promise.all(Array.from({ length: 8 }, worker));
  for (const { id } of (await engine.networks.list()).filter(matches)) await engine.networks.remove(id).catch(() => {});
  for (const { name: volume } of (await engine.volumes.list()).filter(matches)) {
    await engine.volumes.remove(volume, { force: true }).catch(() => {});
  }
  for (const { id } of (await engine.images.list()).filter(matches)) {
    await engine.images.remove(id, { force: true }).catch(() => {});
  }
}
