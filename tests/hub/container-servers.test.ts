import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CreateServer } from '@switchboard/core/servers/schema';
import { copyTestCluster, databaseRoom } from '@switchboard/db/testing-cluster';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';
import { startHub } from '../support/hub-process.ts';
import { connect } from '../support/mcp/clients.ts';
import { addPerson } from '../support/people.ts';
import { findTestEngine, makeServerImage, type ServerImage, suiteTitle } from '../support/server-image.ts';

/** Servers in containers, through everything a hub has for servers. */

const found = await findTestEngine();
let made: ServerImage;
let app: TestApp;
const dockerHost = 'host' in found && found.host !== '' ? { DOCKER_HOST: found.host } : {};

beforeAll(async () => {
  if ('missing' in found) return;
  made = await makeServerImage(found.host);
  app = await createTestApp({
    ...dockerHost,
    CONTAINER_BASE_IMAGE: made.image,
    CONTAINER_IMAGES: `${made.image}, other/*`,
  });
});
afterAll(async () => {
  await app?.stop();
  await made?.[Symbol.asyncDispose]();
});

function containersOf(dataDir: string) {
  const id = readFileSync(path.join(dataDir, 'hub-id'), 'utf8').trim();
  return made.engine.containers.list({ labels: [`switchboard.hub=${id}`] });
}
function containers() {
  return containersOf(app.dataDir);
}
function server(id: string) {
  return app.client().servers.get.query({ id });
}

type Draft = Partial<CreateServer> & { id: string };
function draftOf({ container, ...draft }: Draft): CreateServer {
  return {
    kind: 'container',
    ...draft,
    container: { image: made.image, ...container } as NonNullable<CreateServer['container']>,
  };
}
async function start(draft: Draft): Promise<string> {
  const { id } = await app.client().servers.create.mutate(draftOf(draft));
  await expect.poll(async () => (await server(id)).status.phase).toBe('running');
  return id;
}
/** Calls a tool over the documented registry API; gives what its text holds. */
async function callTool(id: string, toolName: string, args: object = {}): Promise<Json> {
  const { status, body } = await app.json('/api/mcp/tools/call', {
    body: { toolName: `${id}/${toolName}`, arguments: args },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
}
async function look(id: string, tool = 'look', args: object = {}): Promise<Json> {
  return JSON.parse((await callTool(id, tool, args)).content);
}

describe.skipIf('missing' in found)(suiteTitle('a server in a container', found), { timeout: 300_000 }, () => {
  afterEach(async () => {
    const { items } = await app.client().servers.list.query({ limit: 100 });
    for (const { id } of items) await app.client().servers.remove.mutate({ id });
    expect(await containers()).toEqual([]);
    expect(
      readdirSync(
        path.join('/dev/shm', `switchboard-${readFileSync(path.join(app.dataDir, 'hub-id'), 'utf8').trim()}`, 'local'),
      ),
    ).toEqual([]);
  });

  test('is used like any other, over MCP and over the documented APIs', async () => {
    const id = await start({ id: 'everything', ...made.inside('everything', 'stdio') });
    await using client = await connect('v1-streamable', `${app.url}/mcp/${id}`, {
      headers: { authorization: `Bearer ${app.token}` },
    });
    const tools = await client.list('tools/list', 'tools');
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum']));
    expect(JSON.stringify(await client.call('echo', { message: 'from inside' }))).toContain('Echo: from inside');
    expect(await callTool(id, 'get-sum', { a: 2, b: 3 })).toMatchObject({ content: expect.stringContaining('5') });
    const hub = await app.json(`/api/servers/${id}`);
    expect(hub.body.data).toMatchObject({ type: 'stdio', status: 'running', url: null, pid: expect.any(Number) });
    const listed = await app.json('/api/servers?filter[type]=stdio');
    expect(listed.body.data.items.map((item: Json) => item.id)).toContain(id);
    const registry = await app.json(`/api/mcp/servers/${id}`);
    expect(registry.body.data).toMatchObject({ id, status: { phase: 'running' } });
    const kept = await app.json(`/api/servers/${id}`, {
      method: 'PUT',
      body: { ...hub.body.data, description: 'new' },
    });
    expect(kept.body.data).toMatchObject({ type: 'stdio', description: 'new' });
    expect(await server(id)).toMatchObject({ kind: 'container', container: { image: made.image } });
  });

  test('is closed in: no rights, no network, nothing to write to, secrets as files', async () => {
    const id = await start({
      id: 'look',
      ...made.inside('look'),
      env: { PLAIN: 'x' },
      secrets: { API_KEY: 'only-inside' },
    });
    expect(await look(id)).toMatchObject({
      uid: 65534,
      capabilities: '0000000000000000',
      noNewPrivileges: '1',
      seccomp: '2',
      interfaces: ['lo'],
      memory: expect.arrayContaining(['536870912']),
      pids: expect.arrayContaining(['256']),
      secrets: { API_KEY: 'only-inside' },
      env: { PLAIN: 'x', API_KEY_FILE: '/run/secrets/API_KEY' },
      writes: { '/x': 'EROFS', '/tmp/x': 'ok', '/run/secrets/x': 'EROFS' },
    });
    const [container] = await containers();
    expect(JSON.stringify(await made.engine.containers.inspect(container?.id ?? ''))).not.toContain('only-inside');
    expect(await server(id)).toMatchObject({ env: { PLAIN: 'x' }, secrets: { API_KEY: '***' } });
    expect(await app.client().servers.reveal.mutate({ id, field: 'secrets', name: 'API_KEY' })).toEqual({
      value: 'only-inside',
    });
  });

  test('may answer HTTP, and reaches only the hosts it is given', async () => {
    const id = await start({
      id: 'web',
      ...made.inside('look', '3001'),
      container: {
        image: made.image,
        transport: { kind: 'http', port: 3001 },
        network: { kind: 'allow', hosts: ['localhost:1'] },
      } as CreateServer['container'],
    });
    expect(await server(id)).toMatchObject({ transport: 'streamable-http' });
    expect(await look(id)).toMatchObject({ uid: 65534 });
    expect(await look(id, 'fetch', { url: 'http://example.com/' })).toMatchObject({ error: expect.any(String) });
    expect(await look(id, 'connect', { host: '1.1.1.1', port: 443 })).not.toMatchObject({ outcome: 'connected' });
  });

  test('is registered over the documented API once it runs', async () => {
    const body = {
      id: 'registered',
      type: 'container',
      container: { image: made.image },
      ...made.inside('everything', 'stdio'),
    };
    const { status, body: answer } = await app.json('/api/mcp/servers', { body });
    expect(answer).toEqual({
      success: true,
      data: { serverId: 'registered', message: 'Server registered successfully' },
    });
    expect(status).toBe(201);
    expect(await containers()).toHaveLength(1);
    expect((await callTool('registered', 'echo', { message: 'x' })).content).toBe('Echo: x');
    const failing = { ...body, id: 'failing', command: '/no/such/program' };
    expect(await app.json('/api/mcp/servers', { body: failing })).toMatchObject({
      status: 400,
      body: { success: false },
    });
    expect(await containers()).toHaveLength(1);
    const without = await app.json('/api/mcp/servers', { body: { id: 'without', type: 'container' } });
    expect(without).toMatchObject({ status: 400, body: { success: false } });
  });

  test('says why it cannot start', async () => {
    const draft = draftOf({ id: 'gone', container: { image: '127.0.0.1:9/no/such:1' } as CreateServer['container'] });
    await app.client().servers.create.mutate(draft);
    await expect.poll(async () => (await server('gone')).status.error).toContain('127.0.0.1:9/no/such');
    const logs = await app.client().servers.logs.query({ id: 'gone' });
    expect(logs.lines.map(({ message }) => message)).toContain('Pulling the image 127.0.0.1:9/no/such:1.');
    const probed = await app.client().servers.test.mutate({ draft });
    expect(probed).toMatchObject({ ok: false, error: expect.stringContaining('127.0.0.1:9') });
  });

  test('may be what a client’s docker run was', async () => {
    const { command, args } = made.inside('everything', 'stdio');
    const config = {
      mcpServers: {
        imported: {
          command: 'docker',
          args: ['run', '-i', '--rm', '-e', 'A', made.image, command, ...args],
          env: { A: 'b' },
        },
      },
    };
    const text = JSON.stringify(config);
    const plain = await app.client().servers.importConfig.mutate({ text });
    expect(plain.entries).toMatchObject([{ kind: 'stdio', docker: true, action: 'create' }]);
    const done = await app.client().servers.importConfig.mutate({ text, containers: true, apply: true });
    expect(done.entries).toMatchObject([{ kind: 'container', action: 'create' }]);
    await expect.poll(async () => (await server('imported')).status.phase).toBe('running');
    const exported = await app.client().servers.exportConfig.query({});
    expect(exported.mcpServers['imported']).toMatchObject({
      command: 'docker',
      args: ['run', '-i', '--rm', '-e', 'A', made.image, command, ...args],
      container: { image: made.image, network: { kind: 'open' } },
    });
    const again = await app
      .client()
      .servers.importConfig.mutate({ text: JSON.stringify(exported), onConflict: 'replace' });
    expect(again.entries).toMatchObject([{ kind: 'container', action: 'replace' }]);
  });
});

const tinyServer = `
const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1' } });
  else if (method === 'tools/list') say(id, { tools: [{ name: 'where', inputSchema: { type: 'object' } }] });
  else if (method === 'tools/call') say(id, { content: [{ type: 'text', text: require('node:os').hostname() }] });
  else if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: method } }));
});`;

describe.skipIf('missing' in found)(suiteTitle('a process', found), { timeout: 300_000 }, () => {
  test('moves into a container and back with one step, its command kept', async () => {
    const client = app.client();
    const args = ['-e', tinyServer];
    await client.servers.create.mutate({
      id: 'mover',
      kind: 'stdio',
      command: 'node',
      args,
      cwd: '/usr',
      env: { A: 'b' },
    });
    await expect.poll(async () => (await server('mover')).status.phase).toBe('running');
    const moved = await client.servers.toContainer.mutate({ id: 'mover' });
    expect(moved).toMatchObject({
      kind: 'container',
      command: 'node',
      args,
      container: { image: made.image, process: { command: 'node', args, cwd: '/usr' } },
    });
    expect((await callTool('mover', 'where')).content).toBe('server');
    expect(await containers()).toHaveLength(1);
    const back = await client.servers.toProcess.mutate({ id: 'mover' });
    expect(back).toMatchObject({
      kind: 'stdio',
      command: 'node',
      args,
      cwd: '/usr',
      env: { A: 'b' },
      container: null,
    });
    expect((await callTool('mover', 'where')).content).not.toBe('server');
    await expect.poll(containers).toEqual([]);
    await expect(client.servers.toProcess.mutate({ id: 'mover' })).rejects.toThrow('never was a process');
    await client.servers.remove.mutate({ id: 'mover' });
  });

  test('stays where it is when it does not start in a container', async () => {
    const client = app.client();
    await client.servers.create.mutate({ id: 'stay', kind: 'stdio', ...made.outside('everything', 'stdio') });
    await expect.poll(async () => (await server('stay')).status.phase).toBe('running');
    await expect(client.servers.toContainer.mutate({ id: 'stay' })).rejects.toThrow(
      /so it stays a process: .*exit code 127/,
    );
    expect(await server('stay')).toMatchObject({ kind: 'stdio', status: { phase: 'running' } });
    expect(await containers()).toEqual([]);
    await client.servers.remove.mutate({ id: 'stay' });
  });
});

describe.skipIf('missing' in found)(suiteTitle('a service of a stack', found), { timeout: 300_000 }, () => {
  test('that speaks MCP becomes a server with one step', async () => {
    const client = app.client();
    const { command, args } = made.inside('look', '3001');
    const entrypoint = JSON.stringify([command, ...args]);
    function service(ports: string) {
      return `services:\n  look:\n    image: ${made.image}\n    entrypoint: ${entrypoint}\n    ports: ["${ports}"]\n`;
    }
    const name = `sbt-service-${process.pid}`;
    const stack = await client.stacks.create.mutate({ path: name, content: service('127.0.0.1::3001') });
    function from(port: number) {
      return client.servers.fromService.mutate({ stackId: stack.id, service: 'look', port });
    }
    await expect(from(3001)).rejects.toThrow('start its stack first');
    await client.stacks.up.mutate({ id: stack.id });
    try {
      await expect
        .poll(async () => (await client.stacks.get.query({ id: stack.id })).isRunning, { timeout: 90_000 })
        .toBe(true);
      await expect(from(3002)).rejects.toThrow('port 3002 of look is not published');
      const made = await from(3001);
      expect(made).toMatchObject({
        id: 'look',
        kind: 'streamable-http',
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/),
      });
      await expect.poll(async () => (await server('look')).status.phase, { timeout: 90_000 }).toBe('running');
      expect(await look('look')).toMatchObject({ secrets: {} });
      await client.servers.remove.mutate({ id: 'look' });
    } finally {
      await client.stacks.down.mutate({ id: stack.id });
      await expect
        .poll(
          async () => (await made.engine.containers.list({ labels: [`com.docker.compose.project=${name}`] })).length,
          { timeout: 90_000 },
        )
        .toBe(0);
      await expect
        .poll(
          () =>
            client.stacks.remove.mutate({ id: stack.id }).then(
              () => 'gone',
              () => 'busy',
            ),
          { timeout: 90_000 },
        )
        .toBe('gone');
    }
  });
});

describe.skipIf('missing' in found)(suiteTitle('who may run containers', found), { timeout: 300_000 }, () => {
  function refusal(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => 'allowed',
      (error: Error) => error.message,
    );
  }

  test('anybody: images chosen for everybody, closed in; the rest is for who manages containers', async () => {
    const person = await addPerson(app, 'plain', { role: 'user' });
    const { servers } = person.client();
    function create(container: object, more: object = {}) {
      return refusal(
        servers.create.mutate({
          ...draftOf({ id: 'mine', desired: 'disabled', ...more }),
          container: { image: made.image, ...container },
        }),
      );
    }
    expect(await create({ image: 'busybox:1' })).toContain('Only admins may run containers of any image');
    expect(await create({ network: { kind: 'open' } })).toContain('this one does with network');
    expect(await create({ network: { kind: 'allow', hosts: ['10.0.0.1:80'] } })).toContain('network');
    expect(await create({ volumes: { data: '/data' }, user: '0', limits: { cpus: 4 } })).toContain(
      'volumes, user, limits.cpus',
    );
    expect(await create({ engine: 'nowhere' })).toContain("There is no engine 'nowhere'");
    expect(await create({ network: { kind: 'allow', hosts: ['api.example.com'] } })).toBe('allowed');
    expect(await refusal(servers.toContainer.mutate({ id: 'mine' }))).toContain('is no process');
    expect(
      await refusal(servers.update.mutate({ id: 'mine', patch: { container: { image: 'busybox:1' } } })),
    ).toContain('Only admins');
    await servers.remove.mutate({ id: 'mine' });
  });

  test('who manages containers opens them, but not to the host', async () => {
    const keeper = await addPerson(app, 'keeper', { role: 'user' });
    await app.client().users.update.mutate({ id: keeper.id, patch: { grants: ['container.manage'] } });
    const { servers } = keeper.client();
    function create(container: object) {
      return refusal(
        servers.create.mutate({
          ...draftOf({ id: 'kept', desired: 'disabled' }),
          container: { image: 'any:1', ...container },
        }),
      );
    }
    expect(await create({ volumes: { '/etc': '/host' } })).toMatch(/host path \/etc.*\(host-paths\)/);
    expect(await create({ volumes: { '/run/docker.sock': '/sock' } })).toContain('engine-socket');
    expect(await create({ network: { kind: 'named', name: 'host' } })).toContain('host-network');
    expect(await create({ network: { kind: 'open' }, user: '0' })).toBe('allowed');
    await servers.remove.mutate({ id: 'kept' });
  });

  test('what lies on the engine and is another’s cannot be taken along', async () => {
    const keeper = await addPerson(app, 'taker', { role: 'user' });
    await app.client().users.update.mutate({ id: keeper.id, patch: { grants: ['container.manage'] } });
    const volume = await made.engine.volumes.create({ labels: { 'switchboard.owner': 'somebody-else' } });
    try {
      const { servers } = keeper.client();
      await servers.create.mutate(
        draftOf({
          id: 'taker',
          container: { image: made.image, volumes: { [volume.name]: '/data' } } as CreateServer['container'],
        }),
      );
      await expect.poll(async () => (await server('taker')).status.error).toContain('belongs to somebody else');
      expect(await containers()).toEqual([]);
      await servers.remove.mutate({ id: 'taker' });
    } finally {
      await made.engine.volumes.remove(volume.name, { force: true });
    }
  });
});

describe.skipIf('missing' in found)(suiteTitle('a hub', found), { timeout: 300_000 }, () => {
  test('that is killed leaves no container after its next start', async () => {
    const dataDir = mkdtempSync(path.join(databaseRoom, 'hub-killed-'));
    await copyTestCluster(dataDir);
    await using hub = await startHub({ dataDir, env: dockerHost });
    for (const id of ['one', 'two']) {
      await hub.api.servers.create.mutate(draftOf({ id, ...made.inside('faulty', '--stubborn') }));
    }
    async function phases() {
      return (await hub.api.servers.list.query({})).items.map(({ status }) => status.phase);
    }
    await expect.poll(phases, { timeout: 90_000 }).toEqual(['running', 'running']);
    const before = (await containersOf(dataDir)).map(({ id }) => id);
    expect(before).toHaveLength(2);
    await hub.api.servers.stop.mutate({ id: 'two', timeoutMs: 200 });
    await hub.end('SIGKILL');
    expect(await containersOf(dataDir)).toHaveLength(1);
    await hub.restart();
    await expect.poll(phases, { timeout: 90_000 }).toEqual(expect.arrayContaining(['running', 'stopped']));
    const after = await containersOf(dataDir);
    expect(after).toHaveLength(1);
    expect(before).not.toContain(after[0]?.id);
    await hub.end('SIGTERM');
    expect(await containersOf(dataDir)).toEqual([]);
    const networks = (await made.engine.networks.list()).filter(
      ({ labels }) => labels['switchboard.hub'] !== undefined,
    );
    expect(
      networks.filter(
        ({ labels }) => labels['switchboard.hub'] === readFileSync(path.join(dataDir, 'hub-id'), 'utf8').trim(),
      ),
    ).toEqual([]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('whose engine is away starts all the same, and says so at the server', async () => {
    await using other = await createTestApp({ DOCKER_HOST: 'tcp://127.0.0.1:1' });
    const client = other.client();
    await client.servers.create.mutate(draftOf({ id: 'away' }));
    await expect
      .poll(async () => (await client.servers.get.query({ id: 'away' })).status.error)
      .toContain('not reachable');
  });
});
