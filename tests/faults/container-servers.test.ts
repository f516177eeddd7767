import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CreateServer } from '@switchboard/core/servers/schema';
import { canRunEngine, type OwnEngine, startOwnEngine } from '../../packages/docker/src/testing/testing-dockerd.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { engineFound, noEngine } from '../support/engine.ts';
import { makeServerImage, type ServerImage } from '../support/server-image.ts';

/** Servers whose engine goes: they say so, other servers never notice, and they are back as soon as it is. */

const skip = noEngine || !canRunEngine();
const why = 'missing' in engineFound ? engineFound.missing : 'an engine of the test’s own needs root and dockerd';

describe.skipIf(skip)(skip ? `servers whose engine goes (skipped: ${why})` : 'servers whose engine goes', () => {
  let own: OwnEngine;
  let made: ServerImage;
  let app: TestApp;

  beforeAll(async () => {
    own = await startOwnEngine();
    made = await makeServerImage(own.host);
    app = await createTestApp({ DOCKER_HOST: own.host });
  });
  afterAll(async () => {
    await app?.stop();
    await made?.[Symbol.asyncDispose]();
    await own?.[Symbol.asyncDispose]();
  });

  async function statusOf(id: string) {
    return (await app.client().servers.get.query({ id })).status;
  }
  function call(id: string) {
    return app.json('/api/mcp/tools/call', { body: { toolName: `${id}/echo`, arguments: { text: 'here' } } });
  }

  test('come back with it', async () => {
    const { servers } = app.client();
    const ids = ['one', 'two', 'three'];
    const container = { image: made.image } as NonNullable<CreateServer['container']>;
    for (const id of ids) {
      await servers.create.mutate({ id, kind: 'container', container, ...made.inside('faulty') });
    }
    await servers.create.mutate({ id: 'process', kind: 'stdio', ...made.outside('faulty') });
    function phases() {
      return Promise.all([...ids, 'process'].map(async (id) => (await statusOf(id)).phase));
    }
    await expect.poll(phases, { timeout: 90_000 }).toEqual(['running', 'running', 'running', 'running']);

    await own.stop();
    await expect.poll(phases, { timeout: 90_000 }).toEqual(['error', 'error', 'error', 'running']);
    await expect.poll(async () => (await statusOf('one')).error, { timeout: 90_000 }).toContain('not reachable');
    expect(await call('process')).toMatchObject({ status: 200, body: { data: { content: 'here' } } });
    const refused = await call('one');
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(refused.body)).toContain('not reachable');
    // By now the next attempt of each is many seconds away.
    await expect.poll(async () => (await statusOf('two')).failures, { timeout: 90_000 }).toBeGreaterThan(4);

    await own.start();
    const begun = performance.now();
    await expect.poll(phases, { timeout: 90_000, interval: 100 }).toEqual(['running', 'running', 'running', 'running']);
    expect(performance.now() - begun).toBeLessThan(60_000);
    for (const id of ids) expect(await call(id)).toMatchObject({ status: 200, body: { data: { content: 'here' } } });
    // What the engine kept of the containers before is removed a moment after it is back.
    await expect.poll(async () => (await made.engine.containers.list()).length).toBe(3);
  });

  test('do not keep the hub from stopping when it hangs', async () => {
    const other = await createTestApp({ DOCKER_HOST: own.host });
    const { servers } = other.client();
    const container = { image: made.image } as NonNullable<CreateServer['container']>;
    await servers.create.mutate({ id: 'stuck', kind: 'container', container, ...made.inside('faulty', '--stubborn') });
    async function running() {
      return (await servers.get.query({ id: 'stuck' })).status.phase;
    }
    await expect.poll(running, { timeout: 90_000 }).toBe('running');
    await own.freeze();
    try {
      const begun = performance.now();
      await other.stop();
      expect(performance.now() - begun).toBeLessThan(60_000);
    } finally {
      own.thaw();
    }
  });
});
