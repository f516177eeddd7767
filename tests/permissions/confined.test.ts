import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { addPerson, type Caller, callerOf } from '../support/people.ts';
import { readEvents } from '../support/sse.ts';
import { until } from '../support/until.ts';
import { askedOf, call, ghosts, said, type EngineThings } from './engine-asks.ts';

/** Keys that are confined to resources of an engine: what they reach, and every way out of there that is closed. */

let app: EngineApp;
let keeper: Caller;
/** Of an admin, who may all: what is refused is refused to the key. */
let ofStack: Caller;
let ofEngine: Caller;
let admin: Caller;
const far = 'far';

interface Names {
  a: string;
  b: string;
}
let names: Names;
let ids: Names;
/** Things that are none of stack `a`. */
let others: EngineThings;
/** Of stack `a`. */
let own: { container: string; volume: string; network: string };

function contentOf(image: string, more = ''): string {
  return `services:
  web:
    image: ${image}
    stop_grace_period: 0s
    volumes: ["data:/data"]
${more}volumes:
  data: {}
`;
}

async function keyOf(caller: Caller, resources: string[], more: object = {}): Promise<Caller> {
  const { key } = await caller.client().keys.create.mutate({ name: resources.join(' '), resources, ...more });
  return callerOf(app, key, caller.id);
}

async function ended(caller: Caller, runId: string) {
  async function run() {
    return (await caller.client().engines.runs.query()).find(({ id }) => id === runId);
  }
  await until(async () => (await run())?.endedAt != null, `run ${runId}`, 90_000);
  return await run();
}

async function deploy(name: string): Promise<string> {
  const client = admin.client();
  const { id } = await client.stacks.create.mutate({ path: name, content: contentOf(app.image) });
  expect((await ended(admin, (await client.stacks.up.mutate({ id })).id))?.outcome).toBe('ok');
  return id;
}

async function containerOf(project: string): Promise<string> {
  const { items } = await admin.client().containers.list.query({ project, limit: 10 });
  return items[0]?.id ?? '';
}

async function makeOthers(stack: string): Promise<EngineThings> {
  const client = keeper.client();
  const name = `${app.docker.prefix}-lone`;
  await client.volumes.create.mutate({ name });
  const network = await client.networks.create.mutate({ name, internal: true });
  const build = await client.images.build.mutate({
    tag: `${app.docker.prefix}-built:1`,
    context: { kind: 'files', files: [{ path: 'Dockerfile', text: `FROM ${app.image}\nENV BUILT=yes\n` }] },
  });
  expect((await ended(keeper, build.id))?.outcome).toBe('ok');
  const body = { image: app.image, name, start: true };
  const { body: made } = await keeper.json('/api/containers/create', { body });
  const image = `${app.docker.prefix}-built:1`;
  return { container: made.id, volume: name, network: network.id, image, stack, run: build.id };
}

const dockerfile = { path: 'Dockerfile', text: 'FROM scratch\n' };

/** A request that has to be refused, and what its answer says. */
type Attempt = [procedure: string, input: object, says: RegExp];

async function expectRefused(caller: Caller, attempts: readonly Attempt[]): Promise<void> {
  const wrong: string[] = [];
  for (const [procedure, input, says] of attempts) {
    const answer = await call(caller, procedure, input);
    const text = said(answer);
    if (answer.status < 400 || answer.status >= 500 || !says.test(text))
      wrong.push(`${procedure}: ${text.slice(0, 400)}; asked with ${JSON.stringify(input)}`);
  }
  expect(wrong).toEqual([]);
}

describe.skipIf(noEngine)(suiteTitle('keys that are confined to resources', engineFound), () => {
  beforeAll(async () => {
    const host = 'host' in engineFound && engineFound.host !== '' ? engineFound.host : 'unix:///var/run/docker.sock';
    // The same engine under another name: what lies there has the same names.
    app = await createEngineApp({ ENGINES: JSON.stringify({ far: { host } }) });
    admin = callerOf(app, app.token);
    keeper = await addPerson(app, 'keeper');
    await app.client().users.update.mutate({ id: 'keeper', patch: { grants: ['container.manage'] } });
    const { prefix } = app.docker;
    names = { a: `${prefix}-a`, b: `${prefix}-b` };
    ids = { a: await deploy(names.a), b: await deploy(names.b) };
    others = await makeOthers(ids.b);
    own = { container: await containerOf(names.a), volume: `${names.a}_data`, network: `${names.a}_default` };
    ofStack = await keyOf(admin, [`stack:local/${names.a}`]);
    ofEngine = await keyOf(admin, ['engine:local']);
  });
  afterAll(() => app.stop());

  test('look at, follow, operate and change the stack that they name', async () => {
    const client = ofStack.client();
    const { items: stacks, engineError } = await client.stacks.list.query();
    expect([stacks.map(({ project }) => project), engineError]).toEqual([[names.a], null]);
    const { items: containers } = await client.containers.list.query();
    expect(containers.map(({ id }) => id)).toEqual([own.container]);
    expect((await client.volumes.list.query()).map(({ name }) => name)).toEqual([own.volume]);
    expect((await client.networks.list.query()).map(({ name }) => name)).toEqual([own.network]);
    expect(await client.images.list.query()).toEqual([]);
    expect(await client.engines.list.query()).toEqual([]);
    expect((await client.containers.exec.mutate({ id: own.container, command: ['echo', 'here'] })).exitCode).toBe(0);
    expect((await client.containers.restart.mutate({ id: own.container, graceMs: 0 })).status).toBe('running');
    await client.containers.logs.query({ id: own.container });
    await client.stacks.logs.query({ id: ids.a });
    const labelled = contentOf(app.image, '    labels: { changed: "yes" }\n');
    expect(await client.stacks.check.mutate({ id: ids.a, content: labelled })).toMatchObject({ valid: true });
    await client.stacks.update.mutate({ id: ids.a, content: labelled });
    const run = await client.stacks.up.mutate({ id: ids.a });
    expect((await ended(ofStack, run.id))?.outcome).toBe('ok');
    own.container = await containerOf(names.a);
    expect((await client.containers.get.query({ id: own.container })).labels).toMatchObject({ changed: 'yes' });
    const scaled = await client.stacks.scale.mutate({ id: ids.a, service: 'web', replicas: 1 });
    expect((await ended(ofStack, scaled.id))?.outcome).toBe('ok');
  });

  test('find nothing else there, as if it were not there', async () => {
    const wrong: string[] = [];
    for (const [procedure, target, more = {}] of askedOf(others)) {
      const [field = 'id', id = ''] = Object.entries(target)[0] ?? [];
      const ghost = ghosts[field as keyof typeof ghosts];
      const theirs = await call(ofStack, procedure, { ...target, ...more });
      const nothing = await call(ofStack, procedure, { [field]: ghost, ...more });
      const isRefused = theirs.status === 404 || (procedure === 'images.tag' && theirs.status === 403);
      if (!isRefused || said(theirs, String(id)) !== said(nothing, ghost)) {
        wrong.push(`${procedure}: ${said(theirs)}; of what is not there: ${said(nothing)}`);
      }
    }
    expect(wrong).toEqual([]);
    const theirContainer = await containerOf(names.b);
    const paths = [others.container, theirContainer].map((id) => `/api/containers/${id}`);
    for (const path of paths) expect([path, (await ofStack.json(path)).status]).toEqual([path, 404]);
    expect((await ofStack.json('/api/containers/')).body.map(({ id }: { id: string }) => id)).toEqual([own.container]);
    const bulk = await ofStack.client().containers.bulk.mutate({
      ids: [others.container, theirContainer],
      action: 'stop',
    });
    expect(bulk.map(({ ok }) => ok)).toEqual([false, false]);
    expect((await admin.client().containers.get.query({ id: theirContainer })).status).toBe('running');
  });

  test('find nothing on another engine, whatever it is called there', async () => {
    const engine = far;
    await expectRefused(ofStack, [
      ['containers.get', { engine, id: own.container }, /There is no container/],
      ['containers.exec', { engine, id: own.container, command: ['env'] }, /There is no container/],
      ['volumes.get', { engine, name: own.volume }, /There is no volume/],
      ['networks.get', { engine, network: own.network }, /There is no network/],
    ]);
    const { items } = await ofStack.client().containers.list.query({ engine });
    expect(items).toEqual([]);
    await expectRefused(ofEngine, [
      ['containers.get', { engine, id: own.container }, /There is no container/],
      ['volumes.create', { engine, name: 'x' }, /does not reach/],
      ['networks.create', { engine, name: 'x' }, /does not reach/],
      ['images.pull', { engine, image: 'nginx' }, /does not reach/],
      ['images.build', { engine, tag: 'x', context: { kind: 'files', files: [dockerfile] } }, /does not reach/],
      ['stacks.create', { engine, path: 'x', content: contentOf(app.image) }, /does not reach/],
      ['stacks.adopt', { engine, project: names.b }, /does not reach/],
      ['containers.create', { engine, image: app.image }, /does not reach/],
    ]);
    const overview = await ofEngine.json(
      `/trpc/engines.overview?input=${encodeURIComponent(JSON.stringify({ engine }))}`,
    );
    expect(overview.status).toBe(403);
    expect((await ofEngine.client().engines.list.query()).map(({ name }) => name)).toEqual(['local']);
  });

  test('make nothing, and see nothing of the engine as a whole', async () => {
    const { prefix, image } = app.docker;
    const confined = /confined to some resources/;
    await expectRefused(ofStack, [
      ['containers.create', { image }, confined],
      ['volumes.create', { name: `${prefix}-x` }, confined],
      ['networks.create', { name: `${prefix}-x` }, confined],
      ['images.pull', { image }, confined],
      ['images.build', { tag: `${prefix}-x:1`, context: { kind: 'files', files: [dockerfile] } }, confined],
      ['images.tag', { image, as: `${prefix}-x:1` }, confined],
      ['stacks.create', { path: `${prefix}-x`, content: contentOf(image) }, confined],
      ['stacks.create', { path: names.a, content: contentOf(image) }, confined],
      ['stacks.adopt', { project: names.b }, confined],
      ['stacks.check', { path: `${prefix}-x`, content: contentOf(image), env: null }, /does not reach/],
      ['volumes.prune', { names: [others.volume] }, /no unused volume of yours/],
      ['networks.prune', { ids: [others.network] }, /no unused network of yours/],
      ['images.prune', { ids: ['sha256:x'] }, /no unused image of yours/],
    ]);
    for (const procedure of ['engines.overview', 'engines.diskUsage']) {
      const answer = await ofStack.json(`/trpc/${procedure}?input=${encodeURIComponent('{}')}`);
      expect([procedure, answer.status]).toEqual([procedure, 403]);
    }
    const up = await ofStack.json('/api/compose/up', { body: { content: `name: ${prefix}-x\n${contentOf(image)}` } });
    expect([up.status, up.body.detail]).toEqual([403, expect.stringContaining('does not reach')]);
    const down = await ofStack.json('/api/compose/down', { body: { content: contentOf(image), path: names.b } });
    expect(down.status).not.toBe(500);
    expect((await admin.client().stacks.get.query({ id: ids.b })).isRunning).toBe(true);
    const { body } = await ofStack.json('/api/compose/status', { body: { content: contentOf(image), path: names.b } });
    expect(JSON.stringify(body)).not.toContain(await containerOf(names.b));
  });

  test('take nothing over by what they write into their stack', async () => {
    const { image } = app.docker;
    const { volume } = others;
    function service(more: string, top = ''): string {
      return `services:\n  web:\n    image: ${image}\n${more}${top}`;
    }
    const taken: [string, RegExp][] = [
      [
        service('    volumes: ["data:/v"]\n', `volumes:\n  data: { external: true, name: ${volume} }\n`),
        /\(external\)/,
      ],
      [service('    volumes: ["data:/v"]\n', `volumes:\n  data: { name: ${volume} }\n`), /\(external\)/],
      [service('    volumes: ["data:/v"]\n', `volumes:\n  data: { name: ${names.b}_data }\n`), /\(external\)/],
      [
        service('    networks: [n]\n', `networks:\n  n: { external: true, name: ${names.b}_default }\n`),
        /\(external\)/,
      ],
      [service('    networks: [n]\n', `networks:\n  n: { name: ${volume} }\n`), /\(external\)/],
      [service(`    network_mode: "container:${others.container}"\n`), /\(external\)/],
      [service(`    pid: "container:${others.container}"\n`), /\(external\)/],
      [service(`    volumes_from: ["container:${volume}"]\n`), /\(external\)/],
      [service(`    external_links: ["${volume}:db"]\n`), /\(external\)/],
      [service('    privileged: true\n'), /\(privileged\)/],
      [service('    volumes: ["/etc:/host"]\n'), /\(host-paths\)/],
      [service('    volumes: ["/var/run/docker.sock:/s"]\n'), /\(engine-socket\)/],
      [service(`    labels: { com.docker.compose.project: ${names.b} }\n`), /\(reserved-labels\)/],
      [service(`    labels: { switchboard.owner: keeper }\n`), /\(reserved-labels\)/],
      [
        service('', `networks:\n  default: { labels: { com.docker.compose.project: ${names.b} } }\n`),
        /\(reserved-labels\)/,
      ],
      [
        service(
          '    volumes: ["data:/v"]\n',
          `volumes:\n  data: { labels: { com.docker.compose.project: ${names.b} } }\n`,
        ),
        /\(reserved-labels\)/,
      ],
      [
        service(`    build: { context: ., labels: { com.docker.compose.project: ${names.b} } }\n`),
        /\(reserved-labels\)/,
      ],
      [`name: ${names.b}\n${service('')}`, /keeps that name/],
      [`services:\n  web:\n    image: ${others.image}\n`, /There is no image/],
      [`services:\n  web:\n    image: ${others.image}\n    build: .\n`, /There is no image|not yours/],
      [`services:\n  web:\n    image: ${image}\n    build: .\n`, /not yours/],
      [`services:\n  web:\n    build: { dockerfile_inline: "FROM ${others.image}" }\n`, /There is no image|conflict/i],
      [`include: ["../${names.b}/compose.yaml"]\n${service('')}`, /outside|include/i],
    ];
    const attempts = taken.flatMap(([content, says]): Attempt[] => [['stacks.update', { id: ids.a, content }, says]]);
    await expectRefused(ofStack, [
      ...attempts,
      ['stacks.update', { id: ids.a, env: `COMPOSE_PROJECT_NAME=${names.b}\n` }, /keeps that name/],
    ]);
    const lone = await admin.client().containers.get.query({ id: others.container });
    const named = service(`    container_name: ${lone.name}\n    stop_grace_period: 0s\n`);
    await ofStack.client().stacks.update.mutate({ id: ids.a, content: named });
    const run = await ofStack.client().stacks.up.mutate({ id: ids.a });
    expect((await ended(ofStack, run.id))?.outcome).toBe('failed');
    expect((await admin.client().containers.get.query({ id: others.container })).status).toBe('running');
    await ofStack.client().stacks.update.mutate({ id: ids.a, content: contentOf(image) });
    const back = await ofStack.client().stacks.up.mutate({ id: ids.a });
    expect((await ended(ofStack, back.id))?.outcome).toBe('ok');
    own.container = await containerOf(names.a);
  });

  test('widen nothing, and reach nobody’s account, servers or keys', async () => {
    const mine = (await admin.client().keys.list.query()).find(
      ({ resources }) => resources?.[0] === `stack:local/${names.a}`,
    );
    await expectRefused(ofStack, [
      ['keys.create', { name: 'more' }, /sign in as a user/],
      ['keys.update', { id: mine?.id, resources: null }, /sign in as a user/],
      ['keys.revoke', { id: mine?.id }, /confined to some resources/],
      [
        'servers.create',
        { id: 'mine', kind: 'streamable-http', url: 'http://127.0.0.1:1' },
        /confined to some resources/,
      ],
      ['users.create', { username: 'more', password: 'securepassword' }, /confined to some resources/],
    ]);
    expect((await ofStack.json('/trpc/keys.list?input={}')).status).toBe(403);
    const { items } = await ofStack.client().servers.list.query();
    expect(items).toEqual([]);
    // Renaming what is its own does not lead to what another has been given.
    const before = (await admin.client().containers.get.query({ id: own.container })).name;
    const ofContainer = await keyOf(admin, [`container:local/${before}`]);
    expect((await ofContainer.client().containers.list.query()).items.map(({ id }) => id)).toEqual([own.container]);
    expect((await call(ofContainer, 'stacks.get', { id: ids.a })).status).toBe(403);
    await ofContainer.client().containers.rename.mutate({ id: own.container, name: `${before}-moved` });
    await expect(ofContainer.client().containers.list.query()).rejects.toThrow(/confined to some resources/);
    await admin.client().containers.rename.mutate({ id: own.container, name: before });
    await expect(ofContainer.client().containers.list.query()).rejects.toThrow(/confined to some resources/);
  });

  test('of who may less reach less: what its owner does not see the key does not', async () => {
    const wrong = keeper.client().keys.create.mutate({ name: 'x', resources: [`stack:local/${names.a}`] });
    await expect(wrong).rejects.toThrow(/does not exist, or you do not see it/);
    const ofKeeper = await keyOf(keeper, ['engine:local']);
    const { items } = await ofKeeper.client().containers.list.query();
    expect(items.map(({ id }) => id)).toEqual([others.container]);
    expect((await call(ofKeeper, 'stacks.get', { id: ids.a })).status).toBe(404);
  });

  test('name what is there, whole, and of a kind that there is', async () => {
    const client = admin.client();
    const { name, id } = await client.containers.get.query({ id: others.container });
    const refused: [string, RegExp][] = [
      ['graph:local/x', /names nothing that a key can be confined to.*engine:local.*stack:local\/web/s],
      ['stack:', /names nothing/],
      ['stack:local/ghost', /'stack:local\/ghost' does not exist/],
      ['stack:far/none', /does not exist/],
      ['engine:ghost', /does not exist/],
      [`container:ghost/${name}`, /does not exist/],
      [`container:local/${id.slice(0, 12)}`, new RegExp(`is not its whole name: write 'container:local/${name}'`)],
      ['volume:local/../x', /does not exist/],
      [`image:local/${app.image.split(':')[0]}`, /does not exist|whole name/],
    ];
    for (const [reference, says] of refused) {
      await expect(client.keys.create.mutate({ name: 'x', resources: [reference] }), reference).rejects.toThrow(says);
    }
    const plain = await addPerson(app, 'plain');
    const asked = plain.client().keys.create.mutate({ name: 'x', resources: ['engine:local'] });
    await expect(asked).rejects.toThrow(/does not exist, or you do not see it/);
    const { body, status } = await admin.json('/api/auth/api-keys', {
      body: { name: 'rest', resources: [`volume:local/${others.volume}`, `image:local/${app.image}`] },
    });
    expect([status, body.data.resources]).toEqual([201, [`volume:local/${others.volume}`, `image:local/${app.image}`]]);
    const rest = callerOf(app, body.data.key);
    expect((await rest.client().volumes.list.query()).map((volume) => volume.name)).toEqual([others.volume]);
    expect((await rest.client().images.list.query()).map(({ tags }) => tags)).toEqual([[app.image]]);
    expect((await call(rest, 'containers.list', {})).status).toBe(403);
  });

  test('can name what their maker sees, and the page offers just that', async () => {
    async function offered(caller: Caller) {
      return (await caller.client().keys.nameable.query()).map(({ reference }) => reference);
    }
    const all = await offered(admin);
    const own = [`container:local/${others.volume}`, `volume:local/${others.volume}`, `network:local/${others.volume}`];
    expect(all).toEqual(expect.arrayContaining(['engine:local', `stack:local/${names.a}`, ...own]));
    for (const reference of [...own, `stack:local/${names.a}`, 'engine:far']) {
      await admin.client().keys.create.mutate({ name: 'named', resources: [reference] });
    }
    const ofKeeper = await offered(keeper);
    expect(ofKeeper).toEqual(expect.arrayContaining(['engine:local', ...own]));
    expect(ofKeeper).not.toContain(`stack:local/${names.a}`);
    expect(ofKeeper.filter((reference) => reference.startsWith('volume:local/'))).toEqual([own[1]]);
    const plain = await addPerson(app, 'onlooker');
    expect(await offered(plain)).toEqual(['model:demo']);
  });

  test('lose at once what they are confined to no more, and what is removed', async () => {
    const { prefix } = app.docker;
    const key = await admin.client().keys.create.mutate({ name: 'loses', resources: [`stack:local/${names.a}`] });
    const caller = callerOf(app, key.key);
    const bare: Pick<EngineApp, 'fetch'> = { fetch: (at, init) => app.fetch(at, { ...init, auth: false }) };
    const url = `/trpc/containers.stats?input=${encodeURIComponent(JSON.stringify({ ids: [own.container] }))}`;
    let count = 0;
    for await (const _ of readEvents(bare, url, { authorization: `Bearer ${caller.token}` })) {
      count += 1;
      if (count === 2) {
        await admin.client().keys.update.mutate({ id: key.id, resources: [`container:local/${prefix}-lone`] });
      }
    }
    expect(count).toBeLessThan(10);
    const removal = await ofStack.client().stacks.remove.mutate({ id: ids.a, volumes: true });
    await ended(admin, removal.id);
    const resources = (await admin.client().keys.list.query()).map((one) => one.resources);
    expect(resources).not.toContainEqual([`stack:local/${names.a}`]);
    const again = await deploy(names.a);
    expect((await call(ofStack, 'stacks.get', { id: again })).status).toBe(403);
    expect((await call(ofStack, 'containers.list', {})).status).toBe(403);
  });

  test('of a whole engine do all there, but reach the host', async () => {
    const { prefix, image } = app.docker;
    const client = ofEngine.client();
    await client.engines.overview.query({ engine: 'local' });
    const made = await client.containers.create.mutate({ image, name: `${prefix}-of-key` });
    expect(made.id).not.toBe('');
    await client.volumes.create.mutate({ name: `${prefix}-of-key` });
    await client.volumes.remove.mutate({ name: `${prefix}-of-key`, force: true });
    expect((await client.stacks.list.query()).items.map(({ id }) => id)).toContain(ids.b);
    const privileged = await ofEngine.json('/api/containers/create', { body: { image, privileged: true } });
    expect([privileged.status, privileged.body.detail]).toEqual([403, expect.stringContaining('(privileged)')]);
  });
});
