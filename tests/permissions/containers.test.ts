import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { addPerson, type Caller, callerOf } from '../support/people.ts';
import { readEvents } from '../support/sse.ts';
import { until } from '../support/until.ts';
import { askedOf, call, ghosts, said } from './engine-asks.ts';

/** Whose something on an engine is: others with the same grant find nothing there, whatever they ask. */

let app: EngineApp;
let owner: Caller;
let other: Caller;
let plain: Caller;
const things = { container: '', volume: '', network: '', networkName: '', image: '', stack: '', run: '' };
const secret = 'planted-in-an-environment-5d1e';

async function keeper(name: string): Promise<Caller> {
  const person = await addPerson(app, name);
  await app.client().users.update.mutate({ id: name, patch: { grants: ['container.manage'] } });
  return person;
}

async function finished(caller: Caller, runId: string): Promise<void> {
  async function ended() {
    const run = (await caller.client().engines.runs.query()).find(({ id }) => id === runId);
    if (run?.outcome === 'failed') throw new Error(run.message ?? 'failed');
    return run?.outcome === 'ok';
  }
  await until(ended, `run ${runId}`, 90_000);
}

async function makeThings(): Promise<void> {
  const client = owner.client();
  const { prefix, image } = app.docker;
  const made = await owner.json('/api/containers/create', {
    body: { image, name: `${prefix}-mine`, environment: { SECRET: secret }, start: true },
  });
  things.container = made.body.id;
  things.volume = (await client.volumes.create.mutate({ name: `${prefix}-mine` })).name;
  const network = await client.networks.create.mutate({ name: `${prefix}-mine`, internal: true });
  things.network = network.id;
  things.networkName = network.name;
  const dockerfile = { path: 'Dockerfile', text: `FROM ${image}\nENV BUILT=yes\n` };
  const build = await client.images.build.mutate({
    tag: `${prefix}-built:1`,
    context: { kind: 'files', files: [dockerfile] },
  });
  things.run = build.id;
  things.image = `${prefix}-built:1`;
  await finished(owner, build.id);
  const content = `services:\n  web:\n    image: ${image}\n    stop_grace_period: 0s\n`;
  things.stack = (await client.stacks.create.mutate({ path: `${prefix}-mine`, content, env: `KEY=${secret}\n` })).id;
}

describe.skipIf(noEngine)(suiteTitle('things on an engine', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
    [owner, other, plain] = [await keeper('owner'), await keeper('other'), await addPerson(app, 'plain')];
    await makeThings();
  });
  afterAll(() => app.stop());

  test('are absent to others with the same grant, and refused to who has none', async () => {
    const wrong: string[] = [];
    for (const [procedure, target, more = {}] of askedOf(things)) {
      const [key = 'id', id = ''] = Object.entries(target)[0] ?? [];
      const ghost = ghosts[key as keyof typeof ghosts];
      const theirs = await call(other, procedure, { ...target, ...more });
      const nothing = await call(other, procedure, { [key]: ghost, ...more });
      if (theirs.status !== 404 || said(theirs, String(id)) !== said(nothing, ghost)) {
        wrong.push(`${procedure}: ${said(theirs)}; of what is not there: ${said(nothing)}`);
      }
      const refused = await call(plain, procedure, { ...target, ...more });
      if (refused.status !== 403) wrong.push(`${procedure} to one without the grant: ${said(refused)}`);
    }
    expect(wrong).toEqual([]);
  });

  test('are absent over the documented API too', async () => {
    const path = `/api/containers/${things.container}`;
    const ways: [string, string][] = [
      [path, 'GET'],
      [`${path}?force=true`, 'DELETE'],
      [`${path}/logs`, 'GET'],
      [`${path}/stats`, 'GET'],
      ...['start', 'stop', 'restart', 'pause', 'unpause', 'kill'].map((word): [string, string] => [
        `${path}/${word}`,
        'POST',
      ]),
    ];
    for (const [way, method] of ways) {
      const { status, body } = await other.json(way, { method });
      expect([way, status, body]).toEqual([way, 404, { detail: `There is no container "${things.container}".` }]);
      expect((await plain.json(way, { method })).status, way).toBe(403);
    }
    const short = await other.json(`/api/containers/${things.container.slice(0, 1)}`);
    expect(short.status).toBe(404);
  });

  test('stand in nobody else’s lists; admins see them with their owner', async () => {
    async function seen(caller: { client: Caller['client'] }) {
      const client = caller.client();
      const { items: containers } = await client.containers.list.query();
      const { items: stacks } = await client.stacks.list.query();
      return {
        containers: containers.map(({ id }) => id).includes(things.container),
        volumes: (await client.volumes.list.query()).map(({ name }) => name).includes(things.volume),
        networks: (await client.networks.list.query()).map(({ id }) => id).includes(things.network),
        images: (await client.images.list.query()).some(({ tags }) => tags.includes(things.image)),
        stacks: stacks.map(({ id }) => id).includes(things.stack),
        runs: (await client.engines.runs.query()).map(({ id }) => id).includes(things.run),
      };
    }
    const all = { containers: true, volumes: true, networks: true, images: true, stacks: true, runs: true };
    const none = { containers: false, volumes: false, networks: false, images: false, stacks: false, runs: false };
    expect([await seen(owner), await seen(other), await seen(app)]).toEqual([all, none, all]);
    const { ownerName } = await app.client().containers.get.query({ id: things.container });
    expect(ownerName).toBe('owner');
    expect((await other.json('/api/containers/')).body).toEqual([]);
  });

  test('cannot be mounted, joined, run, retagged or pruned by others', async () => {
    const { image, prefix } = app.docker;
    function create(body: object) {
      return other.json('/api/containers/create', { body: { image, ...body } });
    }
    const mounted = await create({ volumes: { [things.volume]: '/data' } });
    expect([mounted.status, mounted.body.detail]).toEqual([403, expect.stringContaining(things.volume)]);
    const joined = await create({ network: things.networkName });
    expect([joined.status, joined.body.detail]).toEqual([403, expect.stringContaining(things.networkName)]);
    for (const length of [64, 12, 3]) {
      const byId = await create({ network: things.network.slice(0, length) });
      expect([byId.status, byId.body.detail]).toEqual([403, expect.stringContaining('external')]);
    }
    const { id: builtId } = await owner.client().images.get.query({ image: things.image });
    for (const length of [64, 12, 4]) {
      const hex = builtId.slice('sha256:'.length).slice(0, length);
      expect((await create({ image: hex, pull: 'never' })).status).toBe(404);
      const content = `services:\n  web:\n    image: "${hex}"\n`;
      expect((await other.json('/api/compose/up', { body: { content } })).status).toBe(404);
    }
    function external(name: string) {
      return `services:\n  web:\n    image: ${image}\n    networks: [n]\nnetworks:\n  n:\n    external: true\n    name: "${name}"\n`;
    }
    const network = await other.json('/api/compose/up', { body: { content: external(things.network.slice(0, 12)) } });
    expect([network.status, network.body.detail]).toEqual([403, expect.stringContaining('external')]);
    const shared = await create({ network: `container:${things.container}` });
    expect([shared.status, shared.body.detail]).toEqual([403, expect.stringContaining('external')]);
    expect((await create({ image: things.image })).status).toBe(404);
    const retagged = await call(other, 'images.tag', { image, as: things.image });
    expect(retagged.status).toBe(409);
    const content = `services:\n  web:\n    image: ${image}\n    volumes: ["taken:/data"]\nvolumes:\n  taken:\n    name: ${things.volume}\n    external: true\n`;
    const stack = await other.json('/api/compose/up', { body: { content } });
    expect([stack.status, stack.body.detail]).toEqual([403, expect.stringContaining(things.volume)]);
    for (const place of [`${prefix}-mine`, `${prefix}-mine/below`]) {
      const draft = { path: place, content: `name: another\n${content}`, env: null };
      const check = await other.client().stacks.check.mutate(draft);
      expect(check).toMatchObject({ valid: false, error: expect.stringContaining('give another path') });
    }
    await mkdir(path.join(app.dataDir, 'stacks', 'local', `${prefix}-left`, 'data'), { recursive: true });
    const left = await call(other, 'stacks.create', { path: `${prefix}-left`, content });
    expect([left.status, left.body.error.message]).toEqual([409, expect.stringContaining('may not be yours')]);
    function builds(name: string) {
      return `services:\n  web:\n    image: ${name}\n    build: .\n`;
    }
    const replaced = await other.json('/api/compose/up', { body: { content: builds(image) } });
    expect([replaced.status, replaced.body.detail]).toEqual([409, expect.stringContaining('not yours')]);
    expect((await other.json('/api/compose/up', { body: { content: builds(things.image) } })).status).toBe(404);
    for (const [procedure, input] of [
      ['volumes.prune', { names: [things.volume] }],
      ['networks.prune', { ids: [things.network] }],
      ['images.prune', { ids: [(await owner.client().images.get.query({ image: things.image })).id] }],
    ] as const) {
      expect((await call(other, procedure, input)).status, procedure).toBe(409);
    }
    const taken = await call(other, 'stacks.create', { path: `${prefix}-mine`, content });
    expect(taken.status).toBe(409);
    const inside = await call(other, 'stacks.create', { path: `${prefix}-mine/below`, content });
    expect(inside.status).toBe(409);
  });

  test('are not told of by streams of others, and a stream ends with the grant', async () => {
    const { terminalId } = await owner.client().containers.openTerminal.mutate({ id: things.container });
    const streams: [string, object, string][] = [
      ['containers.stats', { ids: [things.container] }, 'There is no container'],
      ['containers.followLogs', { id: things.container }, 'There is no container'],
      ['containers.terminal', { terminalId }, 'not open'],
      ['stacks.followLogs', { id: things.stack }, 'There is no stack'],
      ['engines.run', { runId: things.run }, 'does not exist'],
    ];
    async function firstOf(caller: Caller, procedure: string, given: object): Promise<string> {
      const url = `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(given))}`;
      const headers: Record<string, string> = caller.token === '' ? {} : { authorization: `Bearer ${caller.token}` };
      const bare: Pick<EngineApp, 'fetch'> = { fetch: (at, init) => app.fetch(at, { ...init, auth: false }) };
      for await (const event of readEvents(bare, url, headers)) {
        if (event.event !== 'connected') return JSON.stringify(event);
      }
      return '';
    }
    const nobody = callerOf(app, '');
    for (const [procedure, given, absent] of [...streams, ['engines.usage', {}, '"containers":0'] as const]) {
      expect([procedure, await firstOf(other, procedure, given)]).toEqual([procedure, expect.stringContaining(absent)]);
      expect([procedure, await firstOf(plain, procedure, given)]).toEqual([
        procedure,
        expect.stringContaining('"FORBIDDEN"'),
      ]);
      const refused = firstOf(nobody, procedure, given).catch((error: unknown) => String(error));
      expect([procedure, await refused]).toEqual([procedure, expect.stringContaining('UNAUTHORIZED')]);
    }
    for (const procedure of ['containers.writeTerminal', 'containers.closeTerminal']) {
      expect((await call(other, procedure, { terminalId, data: 'x' })).status).toBe(404);
    }
    const late = await keeper('late');
    const made = await late.json('/api/containers/create', { body: { image: app.image, start: true } });
    const url = `/api/containers/${made.body.id}/stats`;
    let count = 0;
    for await (const _ of readEvents(app, url, { authorization: `Bearer ${late.token}` })) {
      count += 1;
      if (count === 1) await app.client().users.update.mutate({ id: 'late', patch: { grants: [] } });
    }
    expect(count).toBeLessThan(6);
    expect((await late.json(url)).status).toBe(403);
  });

  test('nothing secret of them is in the trail', async () => {
    const login = { username: 'reader', password: 'registry-password-77aa' };
    await call(owner, 'images.pull', { image: 'nobody/private:1', login });
    await call(owner, 'containers.exec', { id: things.container, command: ['echo', secret] });
    const text = JSON.stringify((await app.json('/api/audit/logs?limit=500')).body);
    for (const word of ['container.create', 'image.build', 'image.pull', 'stack.create', 'volume.create']) {
      expect(text).toContain(word);
    }
    for (const hidden of [secret, login.password]) expect(text).not.toContain(hidden);
    const stack = await owner.client().stacks.get.query({ id: things.stack });
    expect(stack.env).toBe('KEY=***\n');
    expect((await owner.client().stacks.revealEnv.mutate({ id: things.stack })).env).toBe(`KEY=${secret}\n`);
  });

  test('what reaches the host is refused by name unless that is granted', async () => {
    const { image } = app.docker;
    const forbidden: [object, string][] = [
      [{ privileged: true }, 'privileged'],
      [{ cap_add: ['NET_ADMIN'] }, 'capabilities'],
      [{ devices: ['/dev/null'] }, 'devices'],
      [{ network: 'host' }, 'host-network'],
      [{ volumes: { '/etc': '/host' } }, 'host-paths'],
      [{ volumes: { '/var/run/docker.sock': '/s' } }, 'engine-socket'],
      [{ volumes: { '/var/run': '/s' } }, 'engine-socket'],
      [{ labels: { 'switchboard.owner': 'somebody' } }, 'reserved-labels'],
      [{ labels: { 'com.docker.compose.project': 'x' } }, 'reserved-labels'],
    ];
    for (const [body, rule] of forbidden) {
      const { status, body: answer } = await owner.json('/api/containers/create', { body: { image, ...body } });
      expect([status, answer.detail]).toEqual([403, expect.stringContaining(`(${rule})`)]);
    }
    for (const folder of ['/etc', '/nowhere']) {
      const build = { tag: 'x:1', context: { kind: 'folder', path: folder } };
      const { status, body } = await call(owner, 'images.build', build);
      expect([status, body.error.message]).toEqual([403, expect.stringContaining('(host-paths)')]);
    }
    const disk = await call(owner, 'volumes.create', { options: { type: 'none', o: 'bind', device: '/etc' } });
    expect([disk.status, disk.body.error.message]).toEqual([403, expect.stringContaining('(external)')]);
    const driver = await call(owner, 'networks.create', { name: 'x', driver: 'macvlan' });
    expect([driver.status, driver.body.error.message]).toEqual([403, expect.stringContaining('(host-network)')]);
    const subnet = await call(owner, 'networks.create', { name: 'x', subnet: '10.20.0.0/24' });
    expect([subnet.status, subnet.body.error.message]).toEqual([403, expect.stringContaining('(host-network)')]);
    const ours = (await app.docker.engine.containers.list()).filter((container) => container.image === image);
    expect(ours.filter(({ privileged, networkMode }) => privileged || networkMode === 'host')).toEqual([]);
    await app
      .client()
      .users.update.mutate({ id: 'other', patch: { grants: ['container.manage', 'container.unconfined'] } });
    const granted = await other.json('/api/containers/create', { body: { image, privileged: true } });
    expect(granted.status).toBe(201);
    const never = { image, labels: { 'switchboard.owner': 'somebody' } };
    expect((await other.json('/api/containers/create', { body: never })).status).toBe(403);
  });
});
