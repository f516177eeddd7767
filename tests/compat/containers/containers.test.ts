import { afterAll, beforeAll, describe, expect } from 'vitest';
import { busyboxRoot, importImage, suiteTitle } from '@switchboard/docker/testing';
import { freePort } from '../../../packages/docker/src/testing/testing-registry.ts';
import type { Json } from '../../support/app.ts';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../../support/engine.ts';
import { verifies } from '../verifies.ts';

let app: EngineApp;
function name(word: string): string {
  return `${app.docker.prefix}-${word}`;
}
function create(body: Json) {
  return app.json('/api/containers/create', { body });
}
function post(id: string, action: string) {
  return app.json(`/api/containers/${id}/${action}`, { method: 'POST' });
}
function places(body: Json): string[] {
  return body.detail.map(({ loc }: Json) => loc.join('.'));
}

/** The keys of a container, as documented. */
const keys = ['created', 'environment', 'id', 'image', 'name', 'ports', 'status', 'volumes'];

describe.skipIf(noEngine)(suiteTitle('containers', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  verifies(4, 'lists containers with and without the slash, stopped ones too', async () => {
    const made = await create({ image: app.image, name: name('listed') });
    for (const path of ['/api/containers/', '/api/containers']) {
      const { status, body } = await app.json(path);
      expect(status).toBe(200);
      expect(body.find(({ id }: Json) => id === made.body.id)).toEqual(made.body);
    }
    const anonymous = await app.json('/api/containers/', { auth: false });
    expect([anonymous.status, anonymous.body]).toEqual([401, { detail: 'Not authenticated' }]);
  });

  verifies(4, "the document's own curl lists and creates", async () => {
    const nginx = 'nginx:latest';
    if (!(await app.docker.engine.images.has(nginx))) {
      await importImage(app.docker.engine, nginx, app.docker.labels, await busyboxRoot(), ['CMD ["sleep","600"]']);
    }
    const there = { 'http://localhost:5000': app.url, YOUR_ACCESS_TOKEN: app.token };
    await app.fetch('/api/containers/mcp-nginx-example?force=true', { method: 'DELETE' });
    const created = await app.curl(
      `curl -X POST http://localhost:5000/api/containers/create \\
  -H "Authorization: Bearer YOUR_ACCESS_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "image": "nginx:latest",
    "name": "mcp-nginx-example",
    "ports": {"80/tcp": "8080"}
  }'`,
      there,
    );
    try {
      expect(created).toMatchObject({ name: 'mcp-nginx-example', image: nginx, status: 'created' });
      const listed = await app.curl(
        `curl -X GET http://localhost:5000/api/containers/ \\
  -H "Authorization: Bearer YOUR_ACCESS_TOKEN"`,
        there,
      );
      expect(listed.map(({ id }: Json) => id)).toContain(created.id);
    } finally {
      await app.fetch(`/api/containers/${created.id}?force=true`, { method: 'DELETE' });
    }
  });

  verifies(5, 'shows a container by id, short id and name', async () => {
    const { body: made } = await create({ image: app.image, name: name('shown') });
    for (const reference of [made.id, made.id.slice(0, 12), name('shown')]) {
      for (const path of [`/api/containers/${reference}`, `/api/containers/${reference}/`]) {
        const { status, body } = await app.json(path);
        expect([status, body]).toEqual([200, made]);
      }
    }
    const missing = await app.json('/api/containers/no-such-one');
    expect([missing.status, missing.body]).toEqual([404, { detail: 'There is no container "no-such-one".' }]);
    expect((await app.json('/api/containers/..%2Fversion')).status).toBe(404);
  });

  verifies(6, 'makes a container with everything documented, and does not start it', async () => {
    const port = String(await freePort());
    const { status, body } = await create({
      image: app.image,
      name: name('full'),
      ports: { '80/tcp': port },
      volumes: { '/tmp': '/host-tmp', [name('data')]: '/data' },
      environment: { GREETING: 'hello=world', COUNT: 3 },
      command: 'sh -c "echo $GREETING; sleep 600"',
    });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(keys);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      name: name('full'),
      image: app.image,
      status: 'created',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}Z$/),
      ports: { '80/tcp': [{ HostIp: expect.any(String), HostPort: port }] },
      environment: { GREETING: 'hello=world', COUNT: '3', PATH: '/bin' },
    });
    expect(body.volumes).toContainEqual({ source: '/tmp', target: '/host-tmp', type: 'bind' });
    expect(body.volumes.find(({ target }: Json) => target === '/data')).toMatchObject({ type: 'volume' });
    const started = await post(body.id, 'start');
    expect(started.body.ports['80/tcp']).toContainEqual({ HostIp: '0.0.0.0', HostPort: port });
    await app.docker.engine.containers.remove(body.id, { force: true });
    await app.docker.engine.volumes.remove(name('data'));
  });

  verifies(7, 'a program that is not in the image is 409, and named', async () => {
    const { body: made } = await create({ image: app.image, name: name('no-program'), command: ['/no/such/program'] });
    const { status, body } = await post(made.id, 'start');
    expect([status, body.detail]).toEqual([409, expect.stringContaining('"/no/such/program" is not in the image')]);
    await app.docker.engine.containers.remove(made.id, { force: true });
  });

  verifies(6, 'takes every harmless form of ports, volumes and commands, and null for nothing', async () => {
    const [one, two, three] = [await freePort(), await freePort(), await freePort()];
    const { status, body } = await create({
      image: app.image,
      name: null,
      ports: { '80': one, '81/tcp': `127.0.0.1:${two}`, '82': [String(three), null], '53/udp': '' },
      volumes: { '/tmp': '/host-tmp:ro' },
      environment: null,
      command: ['sleep', '600'],
      start: true,
      labels: { 'made.by': 'a test' },
      restart: 'on-failure:3',
      network: 'bridge',
      limits: { cpus: 0.5, memory: 64 * 1024 * 1024, pids: 32 },
    });
    expect([status, body.status]).toEqual([201, 'running']);
    expect(Object.keys(body.ports).sort()).toEqual(['53/udp', '80/tcp', '81/tcp', '82/tcp']);
    expect(body.ports['81/tcp']).toEqual([{ HostIp: '127.0.0.1', HostPort: String(two) }]);
    expect(body.ports['82/tcp'].map(({ HostPort }: Json) => HostPort)).toContain(String(three));
    const info = await app.docker.engine.containers.get(body.id);
    expect(info).toMatchObject({
      command: ['sleep', '600'],
      restartPolicy: 'on-failure:3',
      limits: { cpus: 0.5, memoryBytes: 64 * 1024 * 1024, pids: 32 },
      labels: { 'made.by': 'a test' },
    });
    await app.docker.engine.containers.remove(body.id, { force: true });
  });

  verifies(6, 'takes volumes as docker-py writes them', async () => {
    const { status, body } = await create({
      image: app.image,
      volumes: { '/tmp': { bind: '/host-tmp', mode: 'ro' }, [name('bound')]: { bind: '/data' } },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    const { mounts } = await app.docker.engine.containers.get(body.id);
    expect(Object.fromEntries(mounts.map(({ target, readOnly }) => [target, readOnly]))).toEqual({
      '/data': false,
      '/host-tmp': true,
    });
    await app.docker.engine.containers.remove(body.id, { force: true });
    await app.docker.engine.volumes.remove(name('bound'));
    const odd = await create({ image: app.image, volumes: { data: { target: '/data' } } });
    expect([odd.status, places(odd.body), odd.body.detail[0].msg]).toEqual([
      422,
      ['body.volumes.data'],
      expect.stringContaining('{"bind": "/data"'),
    ]);
    const mode = await create({ image: app.image, volumes: { data: { bind: '/data', mode: 'sometimes' } } });
    expect([mode.status, JSON.stringify(mode.body)]).toEqual([422, expect.stringContaining('neither ro nor rw')]);
  });

  verifies(6, 'one that was made and does not start stays, and the answer says so', async () => {
    const made = await create({ image: app.image, name: name('stays'), command: ['/no-such'], start: true });
    expect([made.status, made.body.detail]).toEqual([
      409,
      expect.stringMatching(/-stays" was made and stays.*no-such/),
    ]);
    expect((await app.docker.engine.containers.get(name('stays'))).status).toBe('created');
    await app.docker.engine.containers.remove(name('stays'));
  });

  verifies(6, 'what is not well formed is a list with places, and makes nothing', async () => {
    const missing = await create({});
    expect([missing.status, places(missing.body)]).toEqual([422, ['body.image']]);
    const port = await create({ image: app.image, ports: { 'eighty/tcp': '1' } });
    expect([port.status, places(port.body)]).toEqual([422, ['body.ports.eighty/tcp']]);
    const volume = await create({ image: app.image, volumes: { './here': '/data' } });
    expect(volume.status).toBe(422);
    const broken = await app.json('/api/containers/create', {
      method: 'POST',
      body: '{"image":',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, broken.body.detail[0].type]).toEqual([422, 'json_invalid']);
  });

  verifies(6, 'a name that is in use is 409, an image that is not there 404', async () => {
    await create({ image: app.image, name: name('taken') });
    const taken = await create({ image: app.image, name: name('taken') });
    expect([taken.status, taken.body.detail]).toEqual([409, expect.stringContaining('in use')]);
    const absent = await create({ image: 'no-such-image:1', pull: 'never' });
    expect([absent.status, absent.body.detail]).toEqual([404, expect.stringContaining('no-such-image:1')]);
  });

  verifies(7, 'starts a container, twice is fine', async () => {
    const { body: made } = await create({ image: app.image, name: name('started') });
    for (const path of ['start', 'start/']) {
      const { status, body } = await post(name('started'), path);
      expect([status, body.id, body.status]).toEqual([200, made.id, 'running']);
    }
    expect((await post('no-such-one', 'start')).status).toBe(404);
  });

  verifies(7, 'one that ends at once is honestly exited, and a port in use is told', async () => {
    const { body: brief } = await create({ image: app.image, command: 'true' });
    expect(['running', 'exited']).toContain((await post(brief.id, 'start')).body.status);
    const port = String(await freePort());
    const first = await create({ image: app.image, ports: { '80': port } });
    await post(first.body.id, 'start');
    const second = await create({ image: app.image, ports: { '80': port } });
    const refused = await post(second.body.id, 'start');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining(port)]);
  });

  verifies(8, 'stops a container, twice is fine', async () => {
    const body = { image: app.image, name: name('stopped'), command: 'sh -c "trap exit TERM; sleep 600 & wait"' };
    await create({ ...body, start: true });
    for (const path of ['stop', 'stop/']) {
      const answer = await post(name('stopped'), path);
      expect([answer.status, answer.body.status]).toEqual([200, 'exited']);
    }
    expect((await post('no-such-one', 'stop')).status).toBe(404);
  });

  verifies(9, 'removes with an empty 204; one that runs only with force', async () => {
    const { body: made } = await create({ image: app.image, name: name('removed'), start: true });
    const refused = await app.json(`/api/containers/${made.id}?force=false`, { method: 'DELETE' });
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('force')]);
    const bad = await app.json(`/api/containers/${made.id}?force=perhaps`, { method: 'DELETE' });
    expect([bad.status, places(bad.body)]).toEqual([422, ['query.force']]);
    const removed = await app.fetch(`/api/containers/${made.id}/?force=on`, { method: 'DELETE' });
    expect([removed.status, await removed.text()]).toEqual([204, '']);
    expect((await app.json(`/api/containers/${made.id}`, { method: 'DELETE' })).status).toBe(404);
  });

  verifies(9, 'restart, pause, unpause and kill tell the state afterwards', async () => {
    const { body: made } = await create({ image: app.image, name: name('operated'), start: true });
    const steps = [
      ['pause', 'paused'],
      ['unpause', 'running'],
      ['kill', 'exited'],
      ['restart', 'running'],
    ] as const;
    for (const [action, state] of steps) {
      const { status, body } = await post(made.id, action);
      expect([action, status, body.status]).toEqual([action, 200, state]);
    }
    const wrong = await app.json(`/api/containers/${made.id}/start`);
    expect([wrong.status, wrong.body]).toEqual([405, { detail: 'Method Not Allowed' }]);
    expect((await app.json('/api/containers/a/b/c')).body).toEqual({ detail: 'Not Found' });
  });
});
