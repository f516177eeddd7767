import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import type { ContainerInfo } from './container-info.ts';
import type { CreateContainer } from './create-spec.ts';

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('containers on a real engine', found), () => {
  let test: TestEngine;
  let count = 0;
  function containers() {
    return test.engine.containers;
  }
  function make(change: Partial<CreateContainer> = {}, start = true): Promise<ContainerInfo> {
    count += 1;
    const name = `${test.prefix}-${count}`;
    return containers().create(
      { image: test.image, name, labels: test.labels, command: 'sleep 600', ...change },
      { start },
    );
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
  });
  afterEach(async () => {
    for (const { id } of await containers().list({ labels: [test.label] })) {
      await containers().remove(id, { force: true, volumes: true });
    }
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('are created, not started, with everything as it was asked for', async () => {
    const made = await make(
      {
        ports: { '80/tcp': null },
        volumes: { [`${test.prefix}-data`]: '/data:ro' },
        environment: { A: 'x=y', N: 1 },
        limits: { cpus: 0.5, memoryBytes: 32 * 2 ** 20, pids: 10 },
        restart: 'on-failure:2',
      },
      false,
    );
    expect(made).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: `${test.prefix}-1`,
      image: test.image,
      status: 'created',
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      ports: {},
      environment: { A: 'x=y', N: '1', PATH: '/bin' },
      command: ['sleep', '600'],
      limits: { cpus: 0.5, memoryBytes: 32 * 2 ** 20, pids: 10 },
      restartPolicy: 'on-failure:2',
      exitCode: null,
      startedAt: null,
    });
    expect(made.mounts).toMatchObject([
      { target: '/data', type: 'volume', volume: `${test.prefix}-data`, readOnly: true },
    ]);
    expect(await test.engine.volumes.get(`${test.prefix}-data`)).toMatchObject({
      labels: test.labels,
      usedBy: [made.id],
    });
    const started = await containers().start(made.id);
    expect(started.status).toBe('running');
    expect(started.ports['80/tcp']?.[0]).toMatchObject({ HostPort: expect.stringMatching(/^\d+$/) });
  });

  it('are found by id, short id and name', async () => {
    const { id, name } = await make({}, false);
    for (const reference of [id, id.slice(0, 12), name]) expect((await containers().get(reference)).id).toBe(id);
    for (const reference of ['no-such', '', '../images', 'a/b?c']) {
      await expect(containers().get(reference)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('refuse a beginning that several ids share', async () => {
    const ids: string[] = [];
    for (;;) {
      ids.push((await make({}, false)).id);
      const starts = ids.map((id) => id.charAt(0));
      const shared = starts.find((start, index) => starts.indexOf(start) !== index);
      if (shared === undefined) continue;
      await expect(containers().get(shared)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('more of it'),
      });
      return;
    }
  });

  it('tell their state as it is after each action', async () => {
    const { id } = await make({ stopGraceMs: 0 }, false);
    async function after(action: Promise<ContainerInfo>) {
      return (await action).status;
    }
    expect(await after(containers().start(id))).toBe('running');
    expect(await after(containers().start(id))).toBe('running');
    expect(await after(containers().pause(id))).toBe('paused');
    expect(await after(containers().unpause(id))).toBe('running');
    expect(await after(containers().restart(id, { graceMs: 0 }))).toBe('running');
    expect(await after(containers().stop(id))).toBe('exited');
    expect(await after(containers().stop(id))).toBe('exited');
    expect(await after(containers().start(id))).toBe('running');
    expect(await containers().kill(id)).toMatchObject({ status: 'exited', exitCode: 137 });
    expect((await containers().rename(id, `${test.prefix}-renamed`)).name).toBe(`${test.prefix}-renamed`);
  });

  it('are listed with the stopped ones, fresh after every change', async () => {
    const running = await make();
    const stopped = await make({}, false);
    async function mine(all: boolean) {
      return (await containers().list({ all, labels: [test.label] })).map(({ id, status }) => `${id} ${status}`).sort();
    }
    expect(await mine(true)).toEqual([`${running.id} running`, `${stopped.id} created`].sort());
    expect(await mine(false)).toEqual([`${running.id} running`]);
    await containers().kill(running.id);
    await containers().start(stopped.id);
    expect(await mine(true)).toEqual([`${running.id} exited`, `${stopped.id} running`].sort());
    await containers().update(stopped.id, { limits: { memoryBytes: 64 * 2 ** 20 }, restart: 'always' });
    const [updated] = (await containers().list()).filter(({ id }) => id === stopped.id);
    expect(updated).toMatchObject({ limits: { memoryBytes: 64 * 2 ** 20 }, restartPolicy: 'always' });
  });

  it('are removed only when stopped, or by force', async () => {
    const { id, name } = await make();
    await expect(containers().remove(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(name),
    });
    await containers().remove(id, { force: true });
    await expect(containers().get(id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(containers().remove(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('tell how they ended', async () => {
    const { id } = await make({ command: `sh -c 'exit 3'` });
    expect(await containers().wait(id)).toBe(3);
    expect(await containers().get(id)).toMatchObject({ status: 'exited', exitCode: 3, outOfMemory: false });
  });

  it('that run out of memory say so', async () => {
    const { id } = await make({
      command: ['sh', '-c', 'head -c 200000000 /dev/zero | tail'],
      limits: { memoryBytes: 16 * 2 ** 20 },
    });
    await containers().wait(id);
    expect(await containers().get(id)).toMatchObject({ outOfMemory: true });
  });

  it('refuse what cannot be, and say what', async () => {
    const { name } = await make({ ports: { '80': '127.0.0.1:39471' } });
    await expect(make({ name }, false)).rejects.toMatchObject({ code: 'conflict', field: 'name' });
    await expect(make({ ports: { '80': '127.0.0.1:39471' } })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('39471'),
    });
    await expect(make({ command: 'no-such-program' })).rejects.toMatchObject({
      message: expect.stringContaining('no-such-program'),
    });
    await expect(make({ network: 'no-such-network' })).rejects.toMatchObject({ code: 'not_found' });
    const missing = containers().create({ image: 'switchboard-test/no-such:1' }, { pull: 'never' });
    await expect(missing).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('no-such:1') });
  });

  it('give up when the caller does', async () => {
    const { id } = await make();
    const waiting = containers().wait(id, { signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(containers().wait(id, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('leave nothing behind after many starts and stops', { timeout: 300_000 }, async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await make({ network: 'none', volumes: { [`${test.prefix}-round`]: '/data' } });
      await containers().stop(id, { graceMs: 0 });
      await containers().remove(id, { volumes: true });
    }
    expect(await containers().list({ labels: [test.label] })).toEqual([]);
  });
});
