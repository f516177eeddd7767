import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyTestCluster, databaseRoom } from '@switchboard/db/testing-cluster';
import { createSwarm, type Swarm } from '@switchboard/docker';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { findTestEngine, makeServerImage, type ServerImage, suiteTitle } from '../support/server-image.ts';

/** A server that a swarm runs outlives its hub, and a lost replica costs no more than the next attempt. */

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('a server in a swarm', found), () => {
  let made: ServerImage;
  let swarm: Swarm;
  let isOurs = false;

  beforeAll(async () => {
    made = await makeServerImage('host' in found ? found.host : '');
    swarm = createSwarm(made.engine);
    isOurs = !(await swarm.isManager());
    if (isOurs) await swarm.init({ advertiseAddress: '127.0.0.1', listenAddress: '127.0.0.1:23778' });
  });
  afterAll(async () => {
    if (isOurs) {
      await swarm.leave({ force: true });
      // Stays behind when an engine leaves its swarm.
      await made.engine.connection.docker
        .getNetwork('docker_gwbridge')
        .remove()
        .catch(() => {});
    }
    await made[Symbol.asyncDispose]();
  });

  async function statusOf(hub: HubProcess) {
    return (await hub.api.servers.get.query({ id: 'spread' })).status;
  }
  async function runs(hub: HubProcess) {
    await expect.poll(async () => (await statusOf(hub)).phase, { timeout: 90_000 }).toBe('running');
  }
  async function looks(hub: HubProcess) {
    const answer = await fetch(`${hub.origin}/api/mcp/tools/call`, {
      method: 'POST',
      headers: { ...hub.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ toolName: 'spread/look', arguments: {} }),
    });
    const { data } = (await answer.json()) as { data: { content: string } };
    return JSON.parse(data.content) as Record<string, unknown>;
  }

  test('is found again by a hub that was killed, survives a replica, and goes when it is removed', async () => {
    const dataDir = mkdtempSync(path.join(databaseRoom, 'hub-swarm-'));
    await copyTestCluster(dataDir);
    const env = 'host' in found && found.host !== '' ? { DOCKER_HOST: found.host } : {};
    await using hub = await startHub({ dataDir, env });
    const label = `switchboard.hub=${readFileSync(path.join(dataDir, 'hub-id'), 'utf8').trim()}`;
    function services() {
      return swarm.services({ labels: [label] });
    }
    await hub.api.servers.create.mutate({
      id: 'spread',
      kind: 'container',
      ...made.inside('look', '3001'),
      secrets: { API_KEY: 's3cret' },
      container: {
        image: made.image,
        transport: { kind: 'http', port: 3001 },
        network: { kind: 'open' },
        swarm: { replicas: 2 },
      },
    });
    await runs(hub);
    expect(await looks(hub)).toMatchObject({ uid: 65534, secrets: { API_KEY: 's3cret' }, writes: { '/x': 'EROFS' } });
    const [service] = await services();
    expect(service).toMatchObject({ replicas: 2 });
    async function replicas() {
      return (await swarm.tasks(service?.id ?? '')).filter(({ state }) => state === 'running').map(({ id }) => id);
    }
    await expect.poll(async () => (await replicas()).length, { timeout: 90_000 }).toBe(2);

    const before = await replicas();
    await hub.end('SIGKILL');
    await hub.restart();
    await runs(hub);
    expect((await services()).map(({ id }) => id)).toEqual([service?.id]);
    expect(new Set(await replicas())).toEqual(new Set(before));

    const running = await made.engine.containers.list({ labels: [label] });
    for (const { id } of running) await made.engine.containers.kill(id);
    await expect.poll(async () => (await statusOf(hub)).phase, { timeout: 90_000 }).not.toBe('running');
    await runs(hub);
    expect(await looks(hub)).toMatchObject({ uid: 65534 });
    expect((await services()).map(({ id }) => id)).toEqual([service?.id]);

    await hub.api.servers.remove.mutate({ id: 'spread' });
    await expect.poll(services, { timeout: 90_000 }).toEqual([]);
    await hub.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });
});
