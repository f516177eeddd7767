import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('volumes and networks on a real engine', found), () => {
  let test: TestEngine;

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('volumes are made, used, listed with their users, and removed', async () => {
    const { volumes, containers } = test.engine;
    const name = `${test.prefix}-v1`;
    expect(await volumes.create({ name, labels: test.labels })).toMatchObject({
      name,
      driver: 'local',
      usedBy: [],
      labels: test.labels,
    });
    await expect(volumes.create({ name })).rejects.toMatchObject({ code: 'conflict', field: 'name' });
    const { id } = await containers.create({ image: test.image, labels: test.labels, volumes: { [name]: '/data' } });
    expect((await volumes.list()).find((volume) => volume.name === name)?.usedBy).toEqual([id]);
    await expect(volumes.remove(name)).rejects.toMatchObject({ code: 'conflict' });
    await containers.remove(id);
    await volumes.remove(name);
    await expect(volumes.get(name)).rejects.toMatchObject({ code: 'not_found' });
    for (const odd of ['../x', `/${name}`, 'a b', '']) {
      await expect(volumes.get(odd), odd).rejects.toMatchObject({ code: 'not_found' });
      await expect(volumes.remove(odd), odd).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(volumes.create({ name: 'a/b' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('volumes that nothing uses are shown with their size before they go', async () => {
    const { volumes, containers } = test.engine;
    const [used, unused] = [`${test.prefix}-v2`, `${test.prefix}-v3`];
    function make(name: string) {
      return containers.create(
        {
          image: test.image,
          labels: test.labels,
          volumes: { [name]: '/data' },
          command: `sh -c 'head -c 100000 /dev/zero > /data/x'`,
        },
        { start: true },
      );
    }
    await make(used);
    const { id } = await make(unused);
    await containers.wait(id);
    await containers.remove(id);
    const { items } = await volumes.previewPrune();
    const mine = items.filter(({ name }) => name.startsWith(test.prefix));
    expect(mine).toMatchObject([{ name: unused }]);
    expect(mine[0]?.bytes).toBeGreaterThanOrEqual(100_000);
    expect(await volumes.prune([unused, used])).toMatchObject({ removed: [unused], failed: [{ id: used }] });
  });

  it('networks are made, joined, listed, shown before they go, and removed', async () => {
    const { networks, containers, exec } = test.engine;
    const name = `${test.prefix}-net`;
    const made = await networks.create({ name, internal: true, labels: test.labels });
    expect(made).toMatchObject({ name, driver: 'bridge', internal: true, builtIn: false, labels: test.labels });
    expect((await networks.previewPrune()).map(({ id }) => id)).toContain(made.id);
    const spec = { image: test.image, labels: test.labels, command: 'sleep 600', network: name };
    const first = await containers.create({ ...spec, networkAliases: ['first'] }, { start: true });
    const second = await containers.create(spec, { start: true });
    expect((await networks.get(name)).containers.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect((await networks.previewPrune()).map(({ id }) => id)).not.toContain(made.id);
    expect(first.networks).toMatchObject([{ name }]);
    expect(await exec.run(second.id, ['ping', '-c', '1', 'first'])).toMatchObject({ exitCode: 0 });
    expect(await exec.run(second.id, ['ping', '-c', '1', '-W', '1', '1.1.1.1'])).not.toMatchObject({ exitCode: 0 });
    await expect(networks.remove(name)).rejects.toMatchObject({ message: expect.stringContaining('active endpoints') });
    await networks.disconnect(name, first.id);
    expect((await containers.get(first.id)).networks).toEqual([]);
    await networks.connect(name, first.id, { aliases: ['again'] });
    expect((await containers.get(first.id)).networks).toMatchObject([{ name }]);
    for (const { id } of [first, second]) await containers.remove(id, { force: true });
    expect(await networks.prune([made.id])).toEqual({ removed: [made.id], failed: [] });
  });

  it('the engine’s own networks stay', async () => {
    const { networks } = test.engine;
    await expect(networks.remove('bridge')).rejects.toMatchObject({ code: 'conflict' });
    await expect(networks.get('no-such')).rejects.toMatchObject({ code: 'not_found' });
    for (const odd of ['../x', '/bridge', 'a b', '']) {
      await expect(networks.get(odd), odd).rejects.toMatchObject({ code: 'not_found' });
      await expect(networks.remove(odd), odd).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(networks.create({ name: 'a/b' })).rejects.toMatchObject({ code: 'invalid' });
    expect((await networks.previewPrune()).map(({ name }) => name)).not.toContain('bridge');
  });
});
