import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TerminalEvent } from '@switchboard/core/containers/schema';
import type { EngineRunEvent as RunEvent } from '@switchboard/core/engines/schema';
import { busyboxRoot, importImage, suiteTitle } from '@switchboard/docker/testing';
import { hasRegistry, pushImage, startRegistry } from '../../packages/docker/src/testing/testing-registry.ts';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { readEvents } from '../support/sse.ts';
import { until } from '../support/until.ts';

let app: EngineApp;
function client() {
  return app.client();
}
function named(word: string) {
  return `${app.docker.prefix}-${word}`;
}

/** What a subscription of the page yields. */
async function* subscribed<Event>(procedure: string, input: object): AsyncGenerator<Event> {
  const query = encodeURIComponent(JSON.stringify(input));
  for await (const { event, data } of readEvents(app, `/trpc/${procedure}?input=${query}`)) {
    if (event === 'serialized-error') throw new Error(JSON.stringify(data));
    if (event === 'return') return;
    if (event === null) yield data as Event;
  }
}

/** Follows a run to its end. */
async function follow(runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of subscribed<RunEvent>('engines.run', { runId })) {
    events.push(event);
    if (event.type === 'end') break;
  }
  return events;
}
function endOf(events: readonly RunEvent[]) {
  return events.find((event) => event.type === 'end')?.run;
}

async function started(word: string, command: string[] = ['sleep', '600']): Promise<string> {
  const body = { image: app.image, name: named(word), command, start: true };
  const { status, body: made } = await app.json('/api/containers/create', { body });
  expect(status, JSON.stringify(made)).toBe(201);
  return made.id;
}

describe.skipIf(noEngine)(suiteTitle('an engine over tRPC', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  test('tells what it is, what it holds and how it is', async () => {
    const [engine] = await client().engines.list.query();
    expect(engine).toMatchObject({ name: 'local', isDefault: true });
    await until(async () => (await client().engines.list.query())[0]?.state.phase === 'reachable', 'it is reachable');
    const overview = await client().engines.overview.query({});
    expect(overview.info.cpus).toBeGreaterThan(0);
    expect(overview.version.version).toMatch(/^\d+\./);
    const usage = await client().engines.diskUsage.query({});
    expect(usage.images.count).toBeGreaterThan(0);
    await expect(client().engines.overview.query({ engine: 'nowhere' })).rejects.toThrow(/no engine 'nowhere'/);
  });

  test('lists by search, state and project, with counts of all', async () => {
    const id = await started('searched');
    await client().containers.bulk.mutate({ ids: [await started('halted')], action: 'kill' });
    const found = await client().containers.list.query({ search: named('searched').toUpperCase() });
    expect(found.items.map((container) => container.id)).toEqual([id]);
    expect(found.items[0]).not.toHaveProperty('environment');
    const halted = await client().containers.list.query({ search: app.docker.prefix, status: ['exited'] });
    expect(halted.items.map(({ name }) => name)).toEqual([named('halted')]);
    expect(halted.counts['exited']).toBeGreaterThan(0);
    expect((await client().containers.list.query({ project: 'nothing' })).total).toBe(0);
  });

  test('does the same to many, and one that fails stops none of the others', async () => {
    const ids = [await started('many-1'), 'no-such-one', await started('many-2')];
    const results = await client().containers.bulk.mutate({ ids, action: 'remove', force: true });
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1]?.message).toContain('no-such-one');
  });

  test('renames, updates and inspects', async () => {
    const id = await started('before');
    expect((await client().containers.rename.mutate({ id, name: named('after') })).name).toBe(named('after'));
    const limits = { memoryBytes: 64 * 1024 * 1024 };
    const updated = await client().containers.update.mutate({ id, limits, restart: 'unless-stopped' });
    expect(updated).toMatchObject({ limits, restartPolicy: 'unless-stopped' });
    expect(await client().containers.inspect.query({ id })).toMatchObject({ Id: id });
  });

  test.skipIf(!hasRegistry())('pulls with the progress of its layers, and says why a pull failed', async () => {
    await using registry = await startRegistry();
    const image = `${registry.address}/${named('pulled')}:1`;
    const { engine } = app.docker;
    // Of its own layer: one that is there already would not be pulled.
    await importImage(engine, `${named('source')}:1`, app.docker.labels, await busyboxRoot(), ['CMD ["sleep","600"]']);
    await pushImage(engine, `${named('source')}:1`, image);
    for (const name of [image, `${named('source')}:1`]) await engine.images.remove(name);
    const run = await client().containers.create.mutate({ image, name: named('pulled'), start: true });
    expect(run).toMatchObject({ kind: 'container.create', outcome: 'running', subject: named('pulled') });
    const events = await follow(run.id);
    const last = events.findLast((event) => event.type === 'progress');
    expect(last?.type === 'progress' && last.progress.layersDone).toBe(1);
    expect(endOf(events)).toMatchObject({ outcome: 'ok', result: { name: named('pulled'), status: 'running' } });
    expect(await follow(run.id)).toEqual(events);
    await engine.containers.remove(named('pulled'), { force: true });
    await engine.images.remove(image, { force: true });
    const missing = await client().images.pull.mutate({ image: `${registry.address}/nothing:1` });
    expect(endOf(await follow(missing.id))).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/nothing/),
    });
  });

  test('builds from files with its output live, tags, and prunes what the preview named', async () => {
    const files = [
      { path: 'Dockerfile', text: `FROM ${app.image}\nCOPY app/hello /hello\nRUN cat /hello\n` },
      { path: 'app/hello', text: 'hello from the build\n' },
    ];
    const run = await client().images.build.mutate({ tag: `${named('built')}:1`, context: { kind: 'files', files } });
    const events = await follow(run.id);
    expect(endOf(events)?.outcome, JSON.stringify(endOf(events))).toBe('ok');
    expect(JSON.stringify(events)).toContain('hello from the build');
    const tagged = await client().images.tag.mutate({ image: `${named('built')}:1`, as: `${named('built')}:2` });
    expect(tagged.tags).toHaveLength(2);
    const preview = await client().images.prunePreview.query({ all: true });
    const mine = preview.items.find(({ id }) => id === tagged.id);
    expect(mine?.tags).toHaveLength(2);
    const { removed } = await client().images.prune.mutate({ ids: [tagged.id] });
    expect(removed).toEqual([tagged.id]);
    await expect(client().images.prune.mutate({ ids: [tagged.id] })).rejects.toThrow(/look at the preview/);
    const outside = [{ path: '../evil', text: '' }];
    await expect(
      client().images.build.mutate({ tag: 'x:1', context: { kind: 'files', files: outside } }),
    ).rejects.toThrow(/inside the build/);
  });

  test('a run can be given up, and goes on without a reader', async () => {
    const files = [{ path: 'Dockerfile', text: `FROM ${app.image}\nRUN echo begun; sleep 60\n` }];
    const run = await client().images.build.mutate({ tag: `${named('slow')}:1`, context: { kind: 'files', files } });
    for await (const event of subscribed<RunEvent>('engines.run', { runId: run.id })) {
      if (event.type === 'line' && event.text.includes('begun')) break;
    }
    const [going] = await client().engines.runs.query({ subject: `${named('slow')}:1` });
    expect(going?.outcome).toBe('running');
    await client().engines.cancelRun.mutate({ runId: run.id });
    expect(endOf(await follow(run.id))?.outcome).toBe('cancelled');
  });

  test('follows output in batches, searched', async () => {
    const id = await started('talks', ['sh', '-c', 'for n in $(seq 50); do echo line $n; done; sleep 1; echo last 50']);
    async function found() {
      const { lines } = await client().containers.logs.query({ id, search: 'line 4' });
      return lines.map(({ text }) => text);
    }
    await expect.poll(found).toContain('line 42');
    const seen: string[] = [];
    for await (const batch of subscribed<{ text: string }[]>('containers.followLogs', { id, search: '50' })) {
      seen.push(...batch.map(({ text }) => text));
    }
    expect(seen).toEqual(['line 50', 'last 50']);
  });

  test('reads what several use in one stream, and what all use together', async () => {
    const ids = [await started('busy-1'), await started('busy-2')];
    const seen = new Set<string>();
    for await (const { id, stats } of subscribed<{ id: string; stats: { memoryBytes: number } }>('containers.stats', {
      ids,
    })) {
      expect(stats.memoryBytes).toBeGreaterThan(0);
      if (seen.add(id).size === 2) break;
    }
    for await (const usage of subscribed<{ containers: number }>('engines.usage', {})) if (usage.containers >= 2) break;
  });

  test('has nothing under a name that no object can have', async () => {
    await started('slash');
    await client().volumes.create.mutate({ name: named('slash') });
    const { volumes, networks } = client();
    for (const odd of [`/${named('slash')}`, '/bridge', '../json', 'a b', 'é']) {
      for (const method of ['GET', 'DELETE']) {
        const { status, body } = await app.json(`/api/containers/${encodeURIComponent(odd)}`, { method });
        expect([status, body.detail], `${method} ${odd}`).toEqual([404, expect.stringContaining(odd)]);
      }
      const absent = { data: { code: 'NOT_FOUND' } };
      await expect(volumes.get.query({ name: odd }), odd).rejects.toMatchObject(absent);
      await expect(volumes.remove.mutate({ name: odd }), odd).rejects.toMatchObject(absent);
      await expect(networks.get.query({ network: odd }), odd).rejects.toMatchObject(absent);
      await expect(networks.remove.mutate({ network: odd }), odd).rejects.toMatchObject(absent);
    }
  });

  test('runs programs, and a terminal that outlives a reader', async () => {
    const id = await started('shell');
    const ran = await client().containers.exec.mutate({
      id,
      command: ['sh', '-c', 'cat; echo bad >&2; exit 3'],
      input: 'in',
    });
    expect(ran).toEqual({ exitCode: 3, stdout: 'in', stderr: 'bad\n' });
    const { terminalId } = await client().containers.openTerminal.mutate({ id, size: { columns: 100, rows: 30 } });
    function type(data: string) {
      return client().containers.writeTerminal.mutate({ terminalId, data });
    }
    async function readUntil(wanted: RegExp): Promise<string> {
      let text = '';
      for await (const event of subscribed<TerminalEvent>('containers.terminal', { terminalId })) {
        text += event.type === 'data' ? event.text : `<exit ${event.exitCode}>`;
        if (wanted.test(text)) break;
      }
      return text;
    }
    await type('stty size\n');
    await readUntil(/30 100/);
    await client().containers.resizeTerminal.mutate({ terminalId, size: { columns: 80, rows: 25 } });
    await type('stty size; echo naïve-$((6*7))\n');
    expect(await readUntil(/naïve-42/)).toContain('25 80');
    await type('exit 7\n');
    expect(await readUntil(/<exit/)).toContain('<exit 7>');
    await expect(type('more')).rejects.toThrow(/not open any more/);
  });

  test('copies files in and out, and nowhere else', async () => {
    const id = await started('files');
    const files = [
      { path: 'sub/a.txt', text: 'text' },
      { path: 'b.bin', base64: Buffer.from([0, 255]).toString('base64') },
    ];
    await client().containers.writeFiles.mutate({ id, directory: '/data', files });
    const { entries } = await client().containers.files.query({ id, path: '/data' });
    expect(entries.map(({ path, type }) => `${type} ${path}`).sort()).toEqual(['directory sub', 'file b.bin']);
    expect(await client().containers.readFile.query({ id, path: '/data/sub/a.txt' })).toMatchObject({ text: 'text' });
    expect(await client().containers.readFile.query({ id, path: '/data/b.bin' })).toMatchObject({
      text: null,
      bytes: 2,
    });
    const taken = await app.fetch(`/api/containers/${id}/archive?path=/data`);
    const archive = Buffer.from(await taken.arrayBuffer()).toString('base64');
    await client().containers.copyIn.mutate({ id, directory: '/tmp', archive });
    expect(await client().containers.readFile.query({ id, path: '/tmp/data/sub/a.txt' })).toMatchObject({
      text: 'text',
    });
    const escape = [{ path: '../../etc/passwd', text: '' }];
    await expect(client().containers.writeFiles.mutate({ id, directory: '/data', files: escape })).rejects.toThrow(
      /\.\./,
    );
  });

  test('the page is told of what changes', async () => {
    const seen = new Set<string>();
    async function readUntilTold() {
      for await (const { paths = [] } of subscribed<{ paths?: string[] }>('live.events', {})) {
        for (const path of paths) seen.add(path);
        if (seen.has('containers.list') && seen.has('volumes.list')) break;
      }
    }
    const reading = readUntilTold();
    // The first may come before the reader does.
    await until(async () => {
      const volume = await client().volumes.create.mutate({ name: named('told') });
      await client().volumes.remove.mutate({ name: volume.name });
      return seen.has('volumes.list');
    }, 'the page is told of a volume');
    await started('told');
    await reading;
    expect([...seen]).toEqual(expect.arrayContaining(['containers.list', 'stacks.list', 'volumes.list']));
  });
});
