import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksTo, testLaunch } from '../testing/testing-links.ts';
import { nodeRoot } from '../testing/testing-node.ts';
import { findTestEngine, importImage, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { createSwarmLauncher, removeOrphanServices } from './swarm-launcher.ts';
import { createSwarm, type Swarm } from './swarm.ts';

const found = await findTestEngine();
const fixture = fileURLToPath(new URL('../../fixtures/look-server.mjs', import.meta.url));

describe.skipIf('missing' in found)(suiteTitle('servers in a swarm of one node', found), { timeout: 300_000 }, () => {
  let test: TestEngine;
  let swarm: Swarm;
  let image = '';
  let isOurs = false;
  const opened: ReturnType<typeof linksTo>[] = [];

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    swarm = createSwarm(test.engine);
    isOurs = !(await swarm.isManager());
    if (isOurs) await swarm.init({ advertiseAddress: '127.0.0.1', listenAddress: '127.0.0.1:23777' });
    image = `switchboard-test/swarm:${test.prefix}`;
    await importImage(test.engine, image, test.labels, await nodeRoot({ 'look-server.mjs': await readFile(fixture) }), [
      'CMD ["/bin/node", "/app/look-server.mjs", "3001"]',
    ]);
  });
  afterAll(async () => {
    await removeOrphanServices(swarm, test.prefix, new Set());
    if (isOurs) {
      await swarm.leave({ force: true });
      // Stays behind when an engine leaves its swarm.
      await test.engine.connection.docker
        .getNetwork('docker_gwbridge')
        .remove()
        .catch(() => {});
    }
    for (const links of opened) await links.close();
    await test[Symbol.asyncDispose]();
  });

  function createLauncher() {
    const links = linksTo(createSwarmLauncher({ swarm, hubId: test.prefix, lookEveryMs: 200, lingerMs: 5_000 }));
    opened.push(links);
    return links;
  }
  function open(change: Parameters<typeof testLaunch>[1] = {}, serverId = 'swarmed', links = createLauncher()) {
    const launch = testLaunch(image, {
      command: ['/bin/node', '/app/look-server.mjs', '3001'],
      transport: { kind: 'http', port: 3001, path: '/mcp' },
      swarm: { replicas: 2 },
      ...change,
    });
    return links.open(launch, { serverId });
  }
  function services() {
    return swarm.services({ labels: [`switchboard.hub=${test.prefix}`] });
  }

  it('is a swarm that this engine manages', async () => {
    expect(await swarm.isManager()).toBe(true);
    expect(await swarm.nodes()).toMatchObject([{ role: 'manager', state: 'ready' }]);
    expect(await test.engine.info()).toMatchObject({ swarm: 'active' });
  });

  it('run as replicas, closed in, and go with their last link', async () => {
    const link = await open({ env: { A: 'b' }, secrets: { API_KEY: 's3cret' } });
    const { result } = await link.request('look');
    expect(result).toMatchObject({
      uid: 65534,
      capabilities: '0000000000000000',
      secrets: { API_KEY: 's3cret' },
      memory: expect.arrayContaining(['536870912']),
      pids: expect.arrayContaining(['256']),
      writes: { '/x': 'EROFS', '/tmp/x': 'ok' },
      env: expect.objectContaining({ A: 'b', API_KEY_FILE: '/run/secrets/API_KEY' }),
    });
    const [service] = await services();
    expect(service).toMatchObject({ image, replicas: 2 });
    async function running() {
      return (await swarm.tasks(service?.id ?? '')).filter(({ state }) => state === 'running').length;
    }
    await expect.poll(running, { timeout: 90_000 }).toBe(2);
    await link.link.close({ graceMs: 500 });
    expect(link.seen.closed).toEqual([null]);
    expect(await services()).toEqual([]);
  });

  it('are found again by another hub process, unchanged, and changed where they differ', async () => {
    const first = await open({}, 'kept');
    const [before] = await services();
    const again = await open({}, 'kept');
    expect(await services()).toEqual([before]);
    expect(await again.request('echo', { a: 1 })).toMatchObject({ result: { a: 1 } });
    const changed = await open({ env: { NEW: '1' } }, 'kept');
    const [after] = await services();
    expect(after?.id).toBe(before?.id);
    expect(after?.labels['switchboard.spec']).not.toBe(before?.labels['switchboard.spec']);
    await swarm.scale(after?.id ?? '', 3);
    expect(await services()).toMatchObject([{ replicas: 3 }]);
    expect(await removeOrphanServices(swarm, test.prefix, new Set(['kept']))).toEqual([]);
    expect(await removeOrphanServices(swarm, test.prefix, new Set())).toHaveLength(1);
    for (const link of [first, again, changed]) await link.link.close({ graceMs: 0 });
  });

  it('that lose a replica close its links, and the next link leads to a living one', async () => {
    const launcher = createLauncher();
    const link = await open({ swarm: { replicas: 1 } }, 'lost', launcher);
    const [service] = await services();
    const [task] = (await swarm.tasks(service?.id ?? '')).filter(({ state }) => state === 'running');
    await test.engine.containers.kill(task?.containerId ?? '');
    await link.until(({ closed }) => closed.length > 0);
    expect(link.seen.closed[0]).toMatchObject({ code: 'closed', message: expect.stringContaining('Replica 1') });
    const next = await open({ swarm: { replicas: 1 } }, 'lost', launcher);
    expect(await next.request('echo', { still: 'here' })).toMatchObject({ result: { still: 'here' } });
    expect((await services()).map(({ id }) => id)).toEqual([service?.id]);
    await next.link.close({ graceMs: 0 });
    expect(await services()).toEqual([]);
  });

  it('that cannot run say why', async () => {
    const missing = open({ image: '127.0.0.1:9/no/such:1', swarm: { replicas: 1 } }, 'missing');
    await expect(missing).rejects.toMatchObject({
      name: 'LinkError',
      code: 'unreachable',
      message: expect.stringContaining('No such image'),
    });
    await expect(open({ transport: { kind: 'stdio' } })).rejects.toMatchObject({
      message: expect.stringContaining('has to answer HTTP'),
    });
    expect(await services()).toEqual([]);
  });
});
