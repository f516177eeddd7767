import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRegistry, pushImage, startRegistry, type TestRegistry } from '../testing/testing-registry.ts';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { createPullMeter, type PullProgress } from './pull-progress.ts';

const found = await findTestEngine();

describe('following a pull', () => {
  it('counts layers and passes bytes on', () => {
    const meter = createPullMeter();
    expect(meter({ status: 'Pulling from team/app', id: 'latest' })).toMatchObject({ layer: null, layers: 0 });
    meter({ status: 'Pulling fs layer', id: 'a1' });
    meter({ status: 'Already exists', id: 'b2' });
    expect(meter({ status: 'Downloading', id: 'a1', progressDetail: { current: 5, total: 10 } })).toEqual({
      layer: 'a1',
      status: 'Downloading',
      current: 5,
      total: 10,
      layersDone: 1,
      layers: 2,
    });
    expect(meter({ status: 'Pull complete', id: 'a1', progressDetail: {} })).toMatchObject({ layersDone: 2 });
  });

  it.each([
    ['manifest for x:1 not found: manifest unknown', 'not_found'],
    ['unauthorized: authentication required', 'forbidden'],
    ['unexpected EOF', 'failed'],
  ])('fails with %j', (error, code) => {
    expect(() => createPullMeter()({ error })).toThrow(expect.objectContaining({ code, message: error }));
  });
});

describe.skipIf('missing' in found)(suiteTitle('images on a real engine', found), () => {
  let test: TestEngine;
  let folder = '';
  function images() {
    return test.engine.images;
  }
  function dockerfile(...lines: string[]) {
    return [`FROM ${test.image}`, ...lines].join('\n');
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    folder = await mkdtemp(join(tmpdir(), 'context-'));
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub', 'kept.txt'), 'kept');
    await writeFile(join(folder, 'sub', 'secret.txt'), 'secret');
    await writeFile(join(folder, '.dockerignore'), '*\n!sub\n**/secret.txt\n!Dockerfile\n');
    await writeFile(
      join(folder, 'Dockerfile'),
      dockerfile('ARG WHO', 'COPY . /data/', 'RUN echo "made by $WHO" > /data/by', 'CMD ["cat", "/data/by"]'),
    );
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await test[Symbol.asyncDispose]();
  });

  it('are built from a folder without what .dockerignore names', { timeout: 300_000 }, async () => {
    const tag = `switchboard-test/built:${test.prefix}`;
    let output = '';
    const id = await images().build({
      context: folder,
      tag,
      labels: test.labels,
      buildArgs: { WHO: 'me' },
      onOutput: (text) => (output += text),
    });
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(output).toContain('Step 1/6');
    expect(await images().get(tag)).toMatchObject({
      id,
      tags: [tag],
      command: ['cat', '/data/by'],
      labels: test.labels,
    });
    const made = await test.engine.containers.create({ image: tag, labels: test.labels }, { start: true });
    await test.engine.containers.wait(made.id);
    expect((await Array.fromAsync(test.engine.output.logText(made.id))).join('')).toBe('made by me\n');
    const inside = await test.engine.files.listFiles(made.id, '/data');
    expect(inside.entries.map(({ path }) => path).sort()).toEqual(['Dockerfile', 'by', 'sub']);
    const below = await test.engine.files.listFiles(made.id, '/data/sub');
    expect(below.entries.map(({ path }) => path)).toEqual(['kept.txt']);
    await test.engine.containers.remove(made.id);
  });

  it('say why a build fails', async () => {
    function build(text: string) {
      return writeFile(join(folder, 'Dockerfile'), text).then(() =>
        images().build({ context: folder, labels: test.labels }),
      );
    }
    await expect(build(dockerfile('RUN exit 7'))).rejects.toMatchObject({ message: expect.stringContaining('7') });
    await expect(build('NONSENSE')).rejects.toMatchObject({
      message: expect.stringMatching(/nonsense|no build stage/i),
    });
    await expect(images().build({ context: '/no/such/folder' })).rejects.toMatchObject({
      code: 'invalid',
      field: 'context',
    });
  });

  it('are tagged, listed with their containers, and removed', async () => {
    const tag = `switchboard-test/tagged:${test.prefix}`;
    await images().tag(test.image, tag);
    const made = await test.engine.containers.create({ image: tag, labels: test.labels });
    const listed = (await images().list()).find(({ tags }) => tags.includes(tag));
    expect(listed).toMatchObject({ containers: expect.any(Number), labels: test.labels });
    expect(listed?.containers).toBeGreaterThan(0);
    expect((await test.engine.containers.get(made.id)).image).toBe(tag);
    await test.engine.containers.remove(made.id);
    await images().remove(tag);
    expect(await images().has(tag)).toBe(false);
    await expect(images().remove(tag)).rejects.toMatchObject({ code: 'not_found' });
    await expect(images().get('../x')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('that nothing uses are shown before they go, and nothing else goes', { timeout: 300_000 }, async () => {
    async function build(line: string, tag?: string) {
      await writeFile(join(folder, 'Dockerfile'), dockerfile(line));
      return await images().build({ context: folder, labels: test.labels, ...(tag === undefined ? {} : { tag }) });
    }
    const dangling = await build('LABEL a=1');
    const tagged = await build('LABEL a=2', `switchboard-test/unused:${test.prefix}`);
    const preview = await images().previewPrune();
    const mine = preview.items.filter(({ id }) => id === dangling || id === tagged);
    expect(mine.map(({ id }) => id)).toEqual([dangling]);
    expect(preview.bytes).toBeGreaterThan(1_000_000);
    const all = await images().previewPrune({ all: true });
    expect(all.items.map(({ id }) => id)).toEqual(expect.arrayContaining([dangling, tagged]));
    const result = await images().prune([dangling, 'sha256:00000000']);
    expect(result).toMatchObject({ removed: [dangling], failed: [{ id: 'sha256:00000000' }] });
    expect(await images().has(dangling)).toBe(false);
    expect(await images().has(tagged)).toBe(true);
  });

  describe.skipIf(!hasRegistry())(
    hasRegistry() ? 'from a registry' : 'from a registry (skipped: docker-registry is not installed)',
    () => {
      let registry: TestRegistry;
      let name = '';

      beforeAll(async () => {
        registry = await startRegistry();
        name = `${registry.address}/team/app:1`;
        await writeFile(
          join(folder, 'Dockerfile'),
          dockerfile('RUN head -c 20000000 /dev/urandom > /data/big', 'RUN echo 2 > /data/b'),
        );
        const built = await images().build({ context: folder, labels: test.labels });
        await pushImage(test.engine, built, name);
        await images().prune([built]);
      });
      afterAll(() => registry[Symbol.asyncDispose]());

      it('are pulled with the progress of every layer', { timeout: 300_000 }, async () => {
        const seen: PullProgress[] = [];
        await test.engine.images.pull(name, { onProgress: (progress) => seen.push(progress) });
        expect(await images().has(name)).toBe(true);
        expect(
          seen.some(
            ({ status, current, total }) =>
              status === 'Downloading' && Number(current) > 0 && Number(total) > 1_000_000,
          ),
        ).toBe(true);
        const last = seen.at(-1);
        expect(last?.layersDone).toBe(last?.layers);
        expect(last?.layers).toBeGreaterThanOrEqual(2);
      });

      it('are pulled when a container needs them, and always or never where asked', { timeout: 300_000 }, async () => {
        function create(pull: 'missing' | 'always' | 'never', onProgress = () => {}) {
          return test.engine.containers.create({ image: name, labels: test.labels }, { pull, onProgress });
        }
        await images().remove(name);
        await expect(create('never')).rejects.toMatchObject({ code: 'not_found' });
        let steps = 0;
        const first = await create('missing', () => (steps += 1));
        expect(steps).toBeGreaterThan(3);
        steps = 0;
        const second = await create('missing', () => (steps += 1));
        expect(steps).toBe(0);
        const third = await create('always', () => (steps += 1));
        expect(steps).toBeGreaterThan(0);
        for (const { id } of [first, second, third]) await test.engine.containers.remove(id);
      });

      it('tell when their registry holds another by now', { timeout: 300_000 }, async () => {
        await images().pull(name);
        expect(await images().hasUpdate(name)).toBe(false);
        expect(await images().hasUpdate(test.image)).toBeNull();
        const there = (await images().get(name)).id;
        await writeFile(join(folder, 'Dockerfile'), dockerfile('LABEL version=2'));
        const newer = await images().build({ context: folder, labels: test.labels });
        await pushImage(test.engine, newer, name);
        await images().tag(there, name);
        expect(await images().hasUpdate(name)).toBe(true);
        await images().pull(name);
        expect(await images().hasUpdate(name)).toBe(false);
        await expect(images().hasUpdate('no-such-image')).rejects.toMatchObject({ code: 'not_found' });
      });

      it('that cannot be pulled say why', { timeout: 300_000 }, async () => {
        function pull(image: string, signal?: AbortSignal) {
          return images().pull(image, signal === undefined ? {} : { signal });
        }
        await expect(pull(`${registry.address}/team/app:2`)).rejects.toMatchObject({
          code: 'not_found',
          message: expect.stringContaining('team/app:2'),
        });
        await expect(pull('127.0.0.1:9/team/app:1')).rejects.toMatchObject({
          message: expect.stringContaining('127.0.0.1:9'),
        });
        await expect(pull('Not An Image')).rejects.toMatchObject({ code: 'invalid' });
        await images()
          .remove(name, { force: true })
          .catch(() => {});
        await expect(pull(name, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
        await registry.loseLayers();
        await expect(pull(name)).rejects.toMatchObject({ name: 'DockerError' });
        expect(await images().has(name)).toBe(false);
      });
    },
  );
});
