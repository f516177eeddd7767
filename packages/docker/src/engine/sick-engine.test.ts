import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, openSickEngine, type EngineFault } from '../testing/testing-sick.ts';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { createEngine } from './engine.ts';
import { parseEngineHost } from './host.ts';

const found = await findTestEngine();

describe.skipIf('missing' in found)(suiteTitle('an engine that answers oddly', found), { timeout: 300_000 }, () => {
  let test: TestEngine;
  let sick: { id: string; name: string };
  let well: { id: string; name: string };

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    const { image, labels, prefix } = test;
    const volumes = { [`${prefix}-data`]: '/data' };
    sick = await test.engine.containers.create({ image, labels, volumes, name: `${prefix}-sick` }, { start: true });
    well = await test.engine.containers.create({ image, labels, name: `${prefix}-well` });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  async function meets(ailment: EngineFault) {
    const proxy = await openSickEngine();
    proxy.ails(ailment);
    const engine = createEngine({ host: parseEngineHost(proxy.host) });
    return Object.assign(engine, {
      [Symbol.asyncDispose]: async () => {
        await engine.close();
        proxy[Symbol.dispose]();
      },
    });
  }
  /** The description of the sick one is what `answer` makes of it. */
  function inspected(answer: EngineFault): EngineFault {
    return (request, response) =>
      (request.url ?? '').includes(`/containers/${sick.id}/json`) ? answer(request, response) : undefined;
  }
  /** The engine's true answer to a path with something in it replaced. */
  async function changed(path: string, change: (value: never) => unknown): Promise<EngineFault> {
    const { docker } = test.engine.connection;
    const truth = await new Promise<unknown>((resolve, reject) => {
      const dial = { path: `${path}?`, method: 'GET', statusCodes: { 200: true }, options: { all: true } };
      docker.modem.dial(dial, (error: Error | null, value: unknown) => (error ? reject(error) : resolve(value)));
    });
    return (request, response) =>
      (request.url ?? '').split('?')[0] === path ? answerJson(response, 200, change(truth as never)) : undefined;
  }
  type Rows = Record<string, unknown>[];
  function others(rows: Rows, id: string, other: object): Rows {
    return rows.map((row) => (row['Id'] === id ? { ...row, ...other } : row));
  }

  it.each<[string, EngineFault, RegExp]>([
    ['an error', (_, response) => answerJson(response, 500, { message: 'layer does not exist' }), /layer does not/],
    ['no object', (_, response) => answerJson(response, 200, null), /not the description of a container/],
    ['a list', (_, response) => answerJson(response, 200, []), /not the description of a container/],
    ['a broken connection', (_, response) => (response.destroy(), true), /./],
    ['text', (_, response) => (response.writeHead(200).end('<html>'), true), /./],
  ])('a description that is %s costs the list one row only, which says why', async (_title, answer, reason) => {
    await using engine = await meets(inspected(answer));
    const list = await engine.containers.list({ labels: [test.label] });
    expect(list.find(({ id }) => id === sick.id)).toMatchObject({
      name: sick.name,
      image: test.image,
      status: 'running',
      labels: test.labels,
      mounts: [expect.objectContaining({ volume: `${test.prefix}-data`, target: '/data' })],
      undescribed: expect.stringMatching(reason),
    });
    expect(list.find(({ id }) => id === well.id)).toMatchObject({ name: well.name, undescribed: null });
  });

  it('a description that does not come is waited for once, and not for long', async () => {
    await using engine = await meets(inspected(() => true));
    engine.start();
    await expect.poll(() => engine.state().phase, { timeout: 90_000 }).toBe('reachable');
    function list() {
      return engine.containers.list({ labels: [test.label] });
    }
    const first = await list();
    expect(first.find(({ id }) => id === sick.id)).toMatchObject({ name: sick.name, undescribed: /in time/ });
    expect(first.find(({ id }) => id === well.id)).toMatchObject({ undescribed: null });
    const begun = performance.now();
    expect((await list()).map(({ id }) => id).sort()).toEqual([sick.id, well.id].sort());
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it.each(['Name', 'Mounts', 'Config', 'State', 'HostConfig', 'NetworkSettings', 'Image', 'Created'])(
    'a description without %s is a description still',
    async (part) => {
      for (const value of [null, 7, 'odd', [null, 3]]) {
        const odd = await changed(`/containers/${sick.id}/json`, (truth: object) => ({ ...truth, [part]: value }));
        await using engine = await meets(odd);
        const list = await engine.containers.list({ labels: [test.label] });
        expect(list).toHaveLength(2);
        expect(list.find(({ id }) => id === sick.id)).toMatchObject({ id: sick.id, undescribed: null });
      }
    },
  );

  it('an odd entry of a list spoils no other entry of any list', async () => {
    for (const odd of [
      { Mounts: null },
      { Mounts: [null] },
      { HostConfig: null },
      { NetworkSettings: 3 },
      { Names: null },
    ]) {
      await using engine = await meets(await changed('/containers/json', (rows: Rows) => others(rows, sick.id, odd)));
      expect((await engine.containers.list()).map(({ id }) => id)).toContain(well.id);
      expect((await engine.volumes.list()).length).toBeGreaterThan(0);
      expect((await engine.networks.previewPrune()).every(({ id }) => id !== '')).toBe(true);
      expect((await engine.images.list()).some(({ tags }) => tags.includes(test.image))).toBe(true);
    }
    const { id } = await test.engine.images.get(test.image);
    for (const odd of [{ Created: 1e300 }, { Labels: 7, RepoTags: {} }, { Size: 'much' }]) {
      await using engine = await meets(await changed('/images/json', (rows: Rows) => others(rows, id, odd)));
      expect((await engine.images.list()).map((image) => image.id)).toContain(id);
    }
    // Those that every engine has: other tests make and remove some meanwhile.
    const builtIn = ['bridge', 'host', 'none'];
    const none = (await test.engine.networks.list()).find(({ name }) => name === 'none')?.id ?? '';
    for (const odd of [{ IPAM: null }, { Labels: [] }, { Containers: { a: null } }]) {
      await using engine = await meets(await changed('/networks', (rows: Rows) => others(rows, none, odd)));
      expect((await engine.networks.list()).map(({ name }) => name)).toEqual(expect.arrayContaining(builtIn));
    }
    await using engine = await meets(
      await changed('/volumes', (answer: { Volumes: Rows }) => ({
        Volumes: [null, {}, { Name: 'odd' }, ...answer.Volumes],
      })),
    );
    expect((await engine.volumes.list()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['odd', `${test.prefix}-data`]),
    );
  });

  it('an answer that is no list is told as what it is', async () => {
    for (const answer of [null, {}, 'text', 3]) {
      await using engine = await meets((request, response) =>
        (request.url ?? '').startsWith('/containers/json') ? answerJson(response, 200, answer) : undefined,
      );
      await expect(engine.containers.list()).rejects.toMatchObject({
        code: 'failed',
        message: /not a list of containers/,
      });
    }
  });

  it('events of any shape are passed on, and the next ones too', async () => {
    const events: unknown[] = [[], 3, { Actor: null }, { Actor: { ID: 7, Attributes: { a: 1 } }, time: 'now' }];
    await using engine = await meets((request, response) => {
      if (!(request.url ?? '').startsWith('/events')) return undefined;
      response.writeHead(200);
      for (const event of [...events, { Type: 'container', Action: 'start', Actor: { ID: 'x' } }]) {
        response.write(`${JSON.stringify(event)}\n`);
      }
      return true;
    });
    const seen: string[] = [];
    engine.onEvent(({ action, id }) => void seen.push(`${action} ${id}`));
    engine.start();
    await expect.poll(() => seen.at(-1), { timeout: 90_000 }).toBe('start x');
  });
});
