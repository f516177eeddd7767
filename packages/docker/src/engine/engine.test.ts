import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DockerError } from '../errors.ts';
import { canRunEngine, startOwnEngine } from '../testing/testing-dockerd.ts';
import { busyboxRoot, findTestEngine, importImage, suiteTitle } from '../testing/testing.ts';
import { retryDelayMs } from './backoff.ts';
import { createEngine, type Engine } from './engine.ts';
import { parseEngineHost, type EngineTls } from './host.ts';

const found = await findTestEngine();
const run = promisify(execFile);

function open(host: string, tls: EngineTls | null = null) {
  const engine = createEngine({ host: parseEngineHost(host, tls) });
  return Object.assign(engine, { [Symbol.asyncDispose]: () => engine.close() });
}
function until(engine: Engine, phase: string) {
  return expect.poll(() => engine.state().phase, { timeout: 90_000 }).toBe(phase);
}

describe('an engine that is not there', () => {
  it.each([
    ['unix:///no/such/docker.sock', 'there is no socket at unix:///no/such/docker.sock'],
    ['tcp://127.0.0.1:9', 'nothing answers at tcp://127.0.0.1:9'],
    ['tcp://no-such-host.invalid:2375', 'the name in tcp://no-such-host.invalid:2375 is unknown'],
    ['ssh://no-such-host.invalid', 'ssh://no-such-host.invalid is not reachable'],
  ])('%s is told as it is', async (host, message) => {
    await using engine = open(host);
    const refusal = await engine.containers.list().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DockerError);
    expect(refusal).toMatchObject({ code: 'unreachable', message: expect.stringContaining(message) });
  });

  it('is looked for again and again, with the next attempt in sight', async () => {
    await using engine = open('unix:///no/such/docker.sock');
    expect(engine.state().phase).toBe('connecting');
    engine.start();
    await until(engine, 'unreachable');
    const state = engine.state();
    expect(state).toMatchObject({ message: expect.stringContaining('Is it installed and started?') });
    expect(state.phase === 'unreachable' && state.nextAttemptAt).toBeGreaterThan(Date.now() - 100);
  });

  it('is asked ever less often, up to a bound', () => {
    const delays = Array.from({ length: 20 }, (_, index) => retryDelayMs(index + 1, 0.5));
    expect(delays.slice(0, 3)).toEqual([250, 500, 1000]);
    expect(Math.max(...delays)).toBe(15_000);
    expect(retryDelayMs(1_000, 0.999)).toBeLessThan(20_000);
  });
});

const needs = 'missing' in found || !canRunEngine();

describe.skipIf(needs)(suiteTitle('an engine of its own', found), { timeout: 300_000 }, () => {
  it('that goes and comes back is noticed, and works again by itself', async () => {
    await using own = await startOwnEngine();
    await using engine = open(own.host);
    const phases: string[] = [];
    engine.onState(({ phase }) => phases.push(phase));
    engine.start();
    await until(engine, 'reachable');
    expect((await engine.info()).containers).toBe(0);
    await own.stop();
    await until(engine, 'unreachable');
    await expect(engine.containers.list()).rejects.toMatchObject({ code: 'unreachable' });
    await own.start();
    engine.look();
    await until(engine, 'reachable');
    expect(await engine.containers.list()).toEqual([]);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      'reachable',
      'unreachable',
      'reachable',
    ]);
  });

  it('that stops under load fails every request clearly and no later one', async () => {
    await using own = await startOwnEngine();
    await using engine = open(own.host);
    engine.start();
    await importImage(engine, 'test:1', {}, await busyboxRoot());
    const spec = { image: 'test:1', network: 'none', command: `sh -c 'while true; do echo x; sleep 0.01; done'` };
    const { id } = await engine.containers.create(spec, { start: true });
    const stopping = new AbortController();
    const outcomes = { ok: 0, unreachable: 0, other: [] as unknown[] };
    async function worker() {
      while (!stopping.signal.aborted) {
        await engine.containers.get(id).then(
          () => (outcomes.ok += 1),
          (error: unknown) => {
            if (error instanceof DockerError && error.code === 'unreachable') outcomes.unreachable += 1;
            else outcomes.other.push(error);
          },
        );
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    const follow = (async () => {
      for await (const _ of engine.output.logs(id, { follow: true }));
    })().catch((error: unknown) => error);
    const workers = Array.from({ length: 8 }, worker);
    await expect.poll(() => outcomes.ok, { timeout: 90_000 }).toBeGreaterThan(50);
    await own.stop();
    // An engine that stops in order ends its containers first, and with them their output.
    expect([undefined, 'unreachable']).toContain(((await follow) as DockerError | undefined)?.code);
    await until(engine, 'unreachable');
    expect(outcomes.unreachable).toBeGreaterThan(0);
    await own.start();
    await until(engine, 'reachable');
    const before = outcomes.ok;
    await expect.poll(() => outcomes.ok, { timeout: 90_000 }).toBeGreaterThan(before + 50);
    stopping.abort();
    await Promise.all(workers);
    expect(outcomes.other).toEqual([]);
    await engine.containers.remove(id, { force: true });
  });

  it('that hangs is a time-out, not a wait without end', async () => {
    await using own = await startOwnEngine();
    await using engine = open(own.host);
    await engine.ping();
    await own.freeze();
    await expect(engine.ping({ timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' });
    own.thaw();
    await engine.ping({ timeoutMs: 5_000 });
  });

  it('tells what happens in it', async () => {
    await using own = await startOwnEngine();
    await using engine = open(own.host);
    const events: string[] = [];
    engine.onEvent(({ type, action }) => events.push(`${type} ${action}`));
    engine.start();
    await until(engine, 'reachable');
    await importImage(engine, 'test:1', {}, await busyboxRoot());
    const { id } = await engine.containers.create(
      { image: 'test:1', network: 'none', command: 'true' },
      { start: true },
    );
    await engine.containers.wait(id);
    await engine.containers.remove(id);
    await expect
      .poll(() => events)
      .toEqual(
        expect.arrayContaining([
          'image import',
          'container create',
          'container start',
          'container die',
          'container destroy',
        ]),
      );
  });

  it('is reached by TLS with certificates on both sides, and refuses without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tls-'));
    await makeCertificates(folder);
    function text(name: string) {
      return readFile(join(folder, name), 'utf8');
    }
    const ca = await text('ca.pem');
    const door = createTlsServer(
      {
        ca,
        cert: await text('server.pem'),
        key: await text('server.key'),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (socket) => {
        const engine = connect('/var/run/docker.sock');
        pipeline(socket, engine, socket, () => {});
      },
    );
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const host = `tcp://127.0.0.1:${(door.address() as AddressInfo).port}`;
    await using known = open(host, { ca, cert: await text('client.pem'), key: await text('client.key') });
    expect(await known.version()).toMatchObject({ os: 'linux' });
    await using stranger = open(host, { ca });
    await expect(stranger.version()).rejects.toMatchObject({ code: 'unreachable' });
    await using distrusting = open(host, {});
    const refusal = { code: 'unreachable', message: expect.stringMatching(/certificate/) };
    await expect(distrusting.version()).rejects.toMatchObject(refusal);
    door.close();
    await rm(folder, { recursive: true });
  });

  it('is reached by ssh', async () => {
    await using own = await startOwnEngine();
    const folder = await mkdtemp(join(tmpdir(), 'ssh-'));
    // Stands in for the network: runs here what ssh would run there.
    const script = `#!/bin/sh\necho "$@" >> ${folder}/asked\nwhile [ "$1" != docker ]; do shift; done\nDOCKER_HOST=${own.host} exec "$@"\n`;
    await writeFile(join(folder, 'ssh'), script);
    await chmod(join(folder, 'ssh'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}:${path ?? ''}`;
    try {
      await using engine = open('ssh://ops@build.example:2222');
      await importImage(engine, 'test:1', {}, await busyboxRoot());
      const { id } = await engine.containers.create(
        { image: 'test:1', network: 'none', command: 'sleep 600' },
        { start: true },
      );
      expect(await engine.exec.run(id, ['sh', '-c', 'cat; exit 2'], { input: 'over ssh' })).toMatchObject({
        stdout: 'over ssh',
        exitCode: 2,
      });
      await engine.containers.remove(id, { force: true });
      expect(await readFile(join(folder, 'asked'), 'utf8')).toContain(
        '-l ops -p 2222 -- build.example docker system dial-stdio',
      );
    } finally {
      process.env['PATH'] = path;
      await rm(folder, { recursive: true });
    }
  });
});

async function makeCertificates(folder: string): Promise<void> {
  function openssl(...words: string[]) {
    return run('openssl', words, { cwd: folder });
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await openssl('req', '-x509', ...key, '-subj', '/CN=test-ca', '-keyout', 'ca.key', '-out', 'ca.pem');
  for (const name of ['server', 'client']) {
    await openssl(
      'req',
      '-x509',
      ...key,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-subj',
      `/CN=${name}`,
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-addext',
      `extendedKeyUsage=${name}Auth`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }
}
