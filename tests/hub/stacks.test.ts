import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tables } from '@switchboard/db';
import { suiteTitle } from '@switchboard/docker/testing';
import type { Json } from '../support/app.ts';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

let app: EngineApp;
function client() {
  return app.client();
}
function named(word: string) {
  return `${app.docker.prefix}-${word}`;
}
function folderOf(stack: string) {
  return path.join(app.dataDir, 'stacks', 'local', stack);
}
const run = promisify(execFile);

/** Without a network: to make and remove a stack's own takes the engine twice what its containers take. */
const apart = '    network_mode: none\n';
function service(name: string, more = '', network = apart) {
  return `  ${name}:\n    image: ${app.image}\n    stop_grace_period: 0s\n${network}${more}`;
}
function two(more = '') {
  return `services:\n${service('web', more)}${service('db')}`;
}

/** Waits for a run and gives what became of it. */
async function ended(started: { id: string }): Promise<Json> {
  let last: Json;
  await until(
    async () => {
      last = (await client().engines.runs.query()).find(({ id }) => id === started.id);
      return last?.outcome !== 'running';
    },
    `run ${started.id}`,
    90_000,
  );
  return last;
}
async function ids(stack: string): Promise<Record<string, string[]>> {
  const { services } = await client().stacks.get.query({ id: stack });
  return Object.fromEntries(services.map(({ name, containers }) => [name, containers.map(({ id }) => id)]));
}

describe.skipIf(noEngine)(suiteTitle('stacks over tRPC', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  test('are kept as files that docker compose takes by hand, and deploy only what changed', async () => {
    const made = await client().stacks.create.mutate({ path: named('kept'), content: two(), env: 'GREETING=hello\n' });
    expect(made).toMatchObject({
      project: named('kept'),
      isRunning: false,
      env: 'GREETING=***\n',
      changedOnDisk: false,
    });
    const { id } = made;
    expect(await readFile(path.join(folderOf(named('kept')), '.env'), 'utf8')).toBe('GREETING=hello\n');
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    const by = await run('docker', ['compose', 'ps', '--services'], { cwd: folderOf(named('kept')) });
    expect(by.stdout.trim().split('\n').sort()).toEqual(['db', 'web']);
    const before = await ids(id);
    const changed = two('    environment:\n      GREETING: ${GREETING}\n');
    const check = await client().stacks.check.mutate({ id, content: changed, env: 'GREETING=***\n' });
    expect(check).toMatchObject({
      valid: true,
      error: null,
      refused: [],
      services: ['db', 'web'],
      images: [app.image],
    });
    expect(check.plan).toEqual(
      expect.arrayContaining([
        { service: 'web', change: 'recreate' },
        { service: 'db', change: 'keep' },
      ]),
    );
    expect(check.diff?.filter(({ type }) => type !== 'same').map(({ text }) => text.trim())).toEqual([
      'environment:',
      'GREETING: ${GREETING}',
    ]);
    await client().stacks.update.mutate({ id, content: changed });
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    const after = await ids(id);
    expect(after['db']).toEqual(before['db']);
    expect(after['web']).not.toEqual(before['web']);
    const web = await client().containers.get.query({ id: after['web']?.[0] ?? '' });
    expect(web).toMatchObject({ environment: { GREETING: 'hello' }, project: named('kept'), service: 'web' });
    const { lastResult, deployedAt } = await client().stacks.get.query({ id });
    expect(lastResult).toMatchObject({ action: 'up', outcome: 'ok' });
    expect(deployedAt).not.toBeNull();
  });

  test('scale, restart, stop, tell their output by service, and go without a trace', async () => {
    const talks = `    command: ["sh", "-c", "echo ready $$HOSTNAME; sleep 600"]\n`;
    const content = `services:\n${service('web', talks, '')}${service('db', '', '')}`;
    const { id } = await client().stacks.create.mutate({ path: named('scaled'), content });
    expect((await ended(await client().stacks.scale.mutate({ id, service: 'web', replicas: 3 }))).outcome).toBe('ok');
    expect((await ids(id))['web']).toHaveLength(3);
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    expect((await ids(id))['web']).toHaveLength(3);
    async function said() {
      return (await client().stacks.logs.query({ id, service: 'web' })).lines;
    }
    await expect.poll(said).toHaveLength(3);
    const lines = await said();
    expect(new Set(lines.map(({ container }) => container)).size).toBe(3);
    expect(lines.every(({ service: of, text }) => of === 'web' && text.startsWith('ready'))).toBe(true);
    expect((await ended(await client().stacks.restart.mutate({ id, services: ['web'] }))).outcome).toBe('ok');
    await expect.poll(said).toHaveLength(6);
    expect((await ended(await client().stacks.stop.mutate({ id }))).outcome).toBe('ok');
    expect((await client().stacks.get.query({ id })).isRunning).toBe(false);
    expect(await client().stacks.updates.query({ id })).toContainEqual(
      expect.objectContaining({ service: 'web', image: app.image, hasUpdate: null }),
    );
    expect((await ended(await client().stacks.remove.mutate({ id, volumes: true }))).outcome).toBe('ok');
    await expect(client().stacks.get.query({ id })).rejects.toThrow(/no stack/);
    const left = await app.docker.engine.networks.list();
    expect(left.filter(({ name }) => name.startsWith(named('scaled')))).toEqual([]);
  });

  test('a second thing at once is refused, and a failing one says why and is remembered', async () => {
    const wrong = `services:\n${service('web', '    command: ["/no/such/program"]\n')}`;
    const { id } = await client().stacks.create.mutate({ path: named('fails'), content: wrong });
    const first = await client().stacks.up.mutate({ id });
    await expect(client().stacks.down.mutate({ id })).rejects.toThrow(/wait for its end/);
    expect(await ended(first)).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('/no/such/program'),
    });
    const { lastResult } = await client().stacks.get.query({ id });
    expect(lastResult).toMatchObject({ action: 'up', outcome: 'failed' });
    expect((await ended(await client().stacks.remove.mutate({ id }))).outcome).toBe('ok');
  });

  test('a bad change is told and changes nothing', async () => {
    const { id } = await client().stacks.create.mutate({ path: named('careful'), content: two() });
    const file = path.join(folderOf(named('careful')), 'compose.yaml');
    for (const content of ['services: [', two('    nonsense: true\n')]) {
      const check = await client().stacks.check.mutate({ id, content, env: null });
      expect(check).toMatchObject({ valid: false, error: expect.any(String) });
      await expect(client().stacks.update.mutate({ id, content })).rejects.toThrow();
      expect(await readFile(file, 'utf8')).toBe(two());
    }
    const draft = await client().stacks.check.mutate({
      path: named('draft'),
      content: two('    privileged: true\n'),
      env: null,
    });
    expect(draft).toMatchObject({
      valid: true,
      refused: [],
      found: [{ rule: 'privileged', where: 'services.web.privileged' }],
    });
    await expect(readFile(path.join(folderOf(named('draft')), 'compose.yaml'))).rejects.toThrow(/ENOENT/);
    await expect(client().stacks.create.mutate({ path: named('careful'), content: two() })).rejects.toThrow(/already/);
    await writeFile(file, `${two()}# by hand\n`);
    expect((await client().stacks.get.query({ id })).changedOnDisk).toBe(true);
  });

  test('a scale goes with its service, and one that cannot be is not kept', async () => {
    const { id } = await client().stacks.create.mutate({ path: named('scales'), content: two() });
    async function scaleOf() {
      return (await client().stacks.get.query({ id })).scale;
    }
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    expect((await ended(await client().stacks.scale.mutate({ id, service: 'db', replicas: 2 }))).outcome).toBe('ok');
    expect(await scaleOf()).toEqual({ db: 2 });
    await client().stacks.update.mutate({ id, content: `services:\n${service('web')}` });
    expect(await scaleOf()).toEqual({});
    expect(await ended(await client().stacks.up.mutate({ id }))).toMatchObject({ outcome: 'ok', message: null });
    const fixed = `services:\n${service('web', `    container_name: ${named('fixed')}\n`)}`;
    await client().stacks.update.mutate({ id, content: fixed });
    await expect(client().stacks.scale.mutate({ id, service: 'web', replicas: 2 })).rejects.toThrow(/container_name/);
    const port = `services:\n${service('web', '    ports: ["127.0.0.1:47291:80"]\n', '')}`;
    await client().stacks.update.mutate({ id, content: port });
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    expect(await ended(await client().stacks.scale.mutate({ id, service: 'web', replicas: 2 }))).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('47291'),
    });
    expect(await scaleOf()).toEqual({});
    expect((await ids(id))['web']).toHaveLength(1);
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
  });

  test('a scale that was kept for a service that is no more harms no deployment', async () => {
    const { id } = await client().stacks.create.mutate({ path: named('old-scale'), content: two() });
    await app.core.deps.db.update(tables.stacks).set({ scale: { gone: 2, web: 2 } });
    expect(await ended(await client().stacks.up.mutate({ id }))).toMatchObject({ outcome: 'ok', message: null });
    expect((await ids(id))['web']).toHaveLength(2);
  });

  test('a check touches no file of the stack, and leaves nothing behind', async () => {
    const place = `${named('drafts')}/web`;
    const { id } = await client().stacks.create.mutate({ path: place, content: two(), env: 'A=1\n' });
    const folder = folderOf(place);
    await writeFile(path.join(folder, 'more.env'), 'B=2\n');
    await writeFile(path.join(folder, 'base.yaml'), `services:\n${service('base')}`);
    const above = path.dirname(folder);
    const seen = new Set<string>();
    const watcher = watch(above, { recursive: true }, (_, name) => seen.add(String(name)));
    const draft =
      'include: [base.yaml]\n' + two('    env_file: [.env, more.env]\n    volumes: ["./data:/data", "../x:/x"]\n');
    const checked = await client().stacks.check.mutate({ id, content: draft, env: 'A=draft\n' });
    expect(checked).toMatchObject({ error: null, services: ['base', 'db', 'web'] });
    expect(JSON.stringify(checked)).not.toContain('.switchboard-draft');
    expect(checked.found.map(({ message }) => message).join()).toContain(path.join(above, 'x'));
    const wrong = await client().stacks.check.mutate({ id, content: `${draft}    nonsense: true\n`, env: null });
    expect(wrong).toMatchObject({ valid: false, error: expect.not.stringContaining('.switchboard-draft') });
    watcher.close();
    expect([...seen].filter((name) => !name.startsWith('.switchboard-draft'))).toEqual([]);
    expect(await readdir(above)).toEqual(['web']);
    expect((await readdir(folder)).sort()).toEqual(['.env', 'base.yaml', 'compose.yaml', 'more.env']);
    expect((await client().stacks.get.query({ id })).changedOnDisk).toBe(false);
    await client().stacks.check.mutate({ path: `${named('never')}/deep/er`, content: two(), env: null });
    expect(await readdir(path.dirname(above))).not.toContain(named('never'));
  });

  test('docker compose in the folder means the same project, wherever the folder is', async () => {
    const place = `${named('hand')}/web`;
    const { id, project } = await client().stacks.create.mutate({ path: place, content: two(), env: null });
    expect((await ended(await client().stacks.up.mutate({ id }))).outcome).toBe('ok');
    const by = await run('docker', ['compose', 'ps', '--format', '{{.Name}}'], { cwd: folderOf(place) });
    expect(by.stdout.trim().split('\n').sort()).toEqual([`${project}-db-1`, `${project}-web-1`]);
    expect(await readFile(path.join(folderOf(place), 'compose.yaml'), 'utf8')).toBe(`${two()}name: ${project}\n`);
    expect(await client().stacks.get.query({ id })).toMatchObject({ content: two(), changedOnDisk: false });
    const env = `COMPOSE_PROJECT_NAME=${named('by-env')}\n`;
    const other = await client().stacks.create.mutate({ path: `${place}2`, content: two(), env });
    expect(other.project).toBe(named('by-env'));
    await expect(
      client().stacks.update.mutate({ id: other.id, env: 'COMPOSE_PROJECT_NAME=elsewhere\n' }),
    ).rejects.toThrow(/keeps that name/);
  });

  test('a project that was started by hand is shown and can be adopted', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'by-hand-'));
    const project = named('by-hand');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'compose.yaml'), two());
    try {
      await run('docker', ['compose', '-p', project, 'up', '-d'], { cwd: folder });
      const { items } = await client().stacks.list.query({ search: project });
      expect(items).toMatchObject([{ id: null, project, isRunning: true, folder }]);
      const adopted = await client().stacks.adopt.mutate({ project });
      expect(adopted).toMatchObject({ project, adopted: true, content: two(), isRunning: true });
      const before = await ids(adopted.id);
      const check = await client().stacks.check.mutate({ id: adopted.id, content: two(), env: null });
      expect(check.plan?.map(({ service: name }) => name).sort()).toEqual(['db', 'web']);
      expect(await ids(adopted.id)).toEqual(before);
      expect((await ended(await client().stacks.down.mutate({ id: adopted.id }))).outcome).toBe('ok');
    } finally {
      await run('docker', ['compose', '-p', project, 'down'], { cwd: folder });
      await rm(folder, { recursive: true });
    }
  });
});
