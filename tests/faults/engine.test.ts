import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, parseEngineHost } from '@switchboard/docker';
import { busyboxRoot, importImage } from '@switchboard/docker/testing';
import { canRunEngine, type OwnEngine, startOwnEngine } from '../../packages/docker/src/testing/testing-dockerd.ts';
import { createCompatApp, askUntil, type CompatApp } from '../compat/compat-app.ts';
import type { Json } from '../support/app.ts';
import { engineFound, noEngine } from '../support/engine.ts';
import { times } from '../support/long.ts';
import { readEvents } from '../support/sse.ts';
import { until } from '../support/until.ts';

/** An engine that goes and comes back: clear answers meanwhile, everything again afterwards, and the hub never minds. */

const skip = noEngine || !canRunEngine();
const why = 'missing' in engineFound ? engineFound.missing : 'an engine of the test’s own needs root and dockerd';
const image = 'faults/busybox:1';

let own: OwnEngine;
let app: CompatApp;

async function fill(): Promise<void> {
  const engine = createEngine({ host: parseEngineHost(own.host) });
  await importImage(engine, image, {}, await busyboxRoot(), ['CMD ["sleep","600"]']);
  await engine.close();
}
function create(body: Json) {
  return app.json('/api/containers/create', { body: { image, network: 'none', ...body } });
}
async function phase() {
  return (await app.client().engines.list.query())[0]?.state.phase;
}
function reachable() {
  return until(async () => (await phase()) === 'reachable', 'the engine is reachable', 90_000);
}

describe.skipIf(skip)(skip ? `an engine that goes away (skipped: ${why})` : 'an engine that goes away', () => {
  beforeAll(async () => {
    own = await startOwnEngine();
    await fill();
    app = await createCompatApp({ DOCKER_HOST: own.host });
    await reachable();
  });
  afterAll(async () => {
    await app.stop();
    await own[Symbol.asyncDispose]();
  });

  test('stopped and started under load: every answer is whole or clear, and it works again by itself', async () => {
    const { body: made } = await create({ name: 'stays', start: true });
    const answers: { status: number; body: Json; ms: number }[] = [];
    const end = new AbortController();
    const load = Array.from({ length: 8 }, async (_, index) => {
      while (!end.signal.aborted) {
        const startedAt = performance.now();
        const path = index % 2 === 0 ? '/api/containers/' : `/api/containers/${made.id}/logs`;
        const { status, body } = await app.json(path);
        answers.push({ status, body, ms: performance.now() - startedAt });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await own.stop();
    await until(async () => (await phase()) === 'unreachable', 'the engine is told to be away', 90_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [shown] = await app.client().engines.list.query();
    expect(shown?.state).toMatchObject({ phase: 'unreachable', message: expect.stringMatching(/not reachable/) });
    const away = await app.json('/api/containers/');
    expect([away.status, away.body.detail]).toEqual([500, expect.stringMatching(/Docker Engine .*reach/)]);
    const trpc = await app.json('/trpc/containers.list');
    expect([trpc.status, trpc.body.error.data.reason]).toEqual([502, 'unavailable']);
    // What needs no engine goes on.
    expect((await app.json('/api/servers')).status).toBe(200);
    expect((await app.json('/health')).body.status).toBe('healthy');
    await own.start();
    await reachable();
    await askUntil(
      () => app.json('/api/containers/'),
      ({ status }) => status === 200,
      90_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    end.abort();
    await Promise.all(load);
    const odd = answers.filter(({ status, body }) => status !== 200 && typeof body.detail !== 'string');
    expect(odd).toEqual([]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 500]));
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(60_000);
    expect((await app.json(`/api/containers/${made.id}`)).status).toBe(200);
  });

  test('one that hangs is given up on in time', async () => {
    await own.freeze();
    try {
      const startedAt = performance.now();
      const { status, body } = await app.json('/api/containers/');
      expect([status, typeof body.detail]).toEqual([500, 'string']);
      expect(performance.now() - startedAt).toBeLessThan(90_000);
    } finally {
      own.thaw();
    }
    await askUntil(
      () => app.json('/api/containers/'),
      ({ status }) => status === 200,
      90_000,
    );
  });

  test('followers end when it goes, and find their container when it is back', async () => {
    await reachable();
    const { body: made } = await create({
      name: 'talks',
      command: ['sh', '-c', 'while true; do echo tick; sleep 0.2; done'],
      start: true,
    });
    let stopped = Promise.resolve();
    async function follow() {
      const seen: string[] = [];
      for await (const { data } of readEvents(app, `/api/containers/${made.id}/logs?follow=true`)) {
        seen.push(data?.text);
        if (seen.length === 3) stopped = own.stop();
      }
      return seen;
    }
    expect((await follow()).length).toBeGreaterThanOrEqual(3);
    await stopped;
    await own.start();
    await reachable();
    const again = await app.json(`/api/containers/${made.id}/logs?tail=1&timestamps=false`);
    expect(again.body.logs).toBe('tick\n');
  });

  test('a hub starts without it, and finds it when it comes', async () => {
    await own.stop();
    await using late = await createCompatApp({ DOCKER_HOST: own.host });
    const away = await late.json('/api/containers/');
    expect([away.status, typeof away.body.detail]).toEqual([500, 'string']);
    expect((await late.client().stacks.list.query()).engineError).toMatch(/not reachable/);
    await own.start();
    await askUntil(
      () => late.json('/api/containers/'),
      ({ status }) => status === 200,
      90_000,
    );
  });

  test('a hub without any says so', async () => {
    await using none = await createCompatApp({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    const { status, body } = await none.json('/api/containers/');
    expect([status, body.detail]).toEqual([500, expect.stringContaining('/nowhere/docker.sock')]);
    await expect(createCompatApp({ DOCKER_HOST: 'carrier-pigeon://x' })).rejects.toThrow(/^DOCKER_HOST: /);
    await expect(createCompatApp({ ENGINES: '{"Bad Name":"tcp://x"}' })).rejects.toThrow(/^ENGINES: /);
  });

  test('several engines each have their own', async () => {
    const engines = JSON.stringify({ second: { host: own.host } });
    const host = 'host' in engineFound && engineFound.host !== '' ? { DOCKER_HOST: engineFound.host } : {};
    await using both = await createCompatApp({ ENGINES: engines, ...host });
    const names = (await both.client().engines.list.query()).map(({ name, isDefault }) => [name, isDefault]);
    expect(names).toEqual([
      ['local', true],
      ['second', false],
    ]);
    const there = await both.client().containers.list.query({ engine: 'second' });
    expect(there.items.map(({ name }) => name).sort()).toEqual(['stays', 'talks']);
    expect((await both.client().containers.list.query()).items.map(({ name }) => name)).not.toContain('stays');
  });

  test('a full disk is told, and the container goes on', async () => {
    await reachable();
    const api = app.client();
    const input = { image, network: 'none', name: 'small', tmpfs: { '/small': 'size=1m' }, start: true };
    const run = await api.containers.create.mutate(input);
    await until(
      async () => (await api.engines.runs.query()).find(({ id }) => id === run.id)?.outcome === 'ok',
      'it is made',
    );
    const command = ['dd', 'if=/dev/zero', 'of=/small/file', 'bs=64k', 'count=64'];
    const filled = await api.containers.exec.mutate({ id: 'small', command });
    expect(filled).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/No space left/) });
    expect((await api.containers.get.query({ id: 'small' })).status).toBe('running');
  });

  test('many starts and stops leave nothing', async () => {
    await reachable();
    const workers = 8;
    const rounds = times(2, 25);
    async function cycles(worker: number) {
      for (let count = 0; count < rounds; count += 1) {
        const made = await create({ name: `cycle-${worker}-${count}`, start: true });
        expect(made.status, JSON.stringify(made.body)).toBe(201);
        const removed = await app.fetch(`/api/containers/${made.body.id}?force=true`, { method: 'DELETE' });
        expect(removed.status).toBe(204);
      }
    }
    const before = process.getActiveResourcesInfo().length;
    await Promise.all(Array.from({ length: workers }, (_, worker) => cycles(worker)));
    const { body } = await app.json('/api/containers/');
    expect(body.filter(({ name }: Json) => name.startsWith('cycle-'))).toEqual([]);
    // What every cycle leaves stays; what requests hold goes by itself.
    await expect.poll(() => process.getActiveResourcesInfo().length).toBeLessThan(before + workers * rounds);
  }, 600_000);

  test('out of memory and killed are shown as such', async () => {
    await reachable();
    const hungry = await create({
      name: 'hungry',
      command: ['sh', '-c', 'x=a; while true; do x=$x$x; done'],
      limits: { memory: 16 * 1024 * 1024 },
      start: true,
    });
    const ended = await askUntil(
      () => app.client().containers.get.query({ id: hungry.body.id }),
      ({ status }) => status === 'exited',
      90_000,
    );
    expect(ended).toMatchObject({ outOfMemory: true, exitCode: 137 });
    const { body: victim } = await create({ name: 'victim', start: true });
    const inspected = await app.client().containers.inspect.query({ id: victim.id });
    process.kill((inspected as { State: { Pid: number } }).State.Pid, 'SIGKILL');
    const killed = await askUntil(
      () => app.client().containers.get.query({ id: victim.id }),
      ({ status }) => status === 'exited',
    );
    expect(killed).toMatchObject({ outOfMemory: false, exitCode: 137 });
  });
});
