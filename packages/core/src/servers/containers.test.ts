import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { Actor } from '../actor.ts';
import { createContainer } from '../containers/create.ts';
import { checkSpec } from '../containers/rules.ts';
import { CreateContainer } from '../containers/schema.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { makeTestCore, spokenOf, type TestCore } from '../testing.ts';
import { checkLaunch, matchesImage } from './confine.ts';
import { exportConfig } from './export.ts';
import { revealSecret } from './logs.ts';
import { ContainerSettings, CreateServer } from './schema.ts';
import { toContainer, toProcess } from './switch.ts';
import { importConfig } from './transfer.ts';
import { createServer, getServer, listServers, removeServer, updateServer } from './verbs.ts';

/** No engine is asked by any of these: only the policy, which is the real one. */
let hub: TestCore;
let writer: Actor;

beforeAll(async () => {
  hub = await makeTestCore({ containerBaseImage: 'node:24' });
  writer = await hub.addUser('user');
});
afterAll(() => hub.close());
function ctx(actor?: Actor): Ctx {
  const inner = hub.ctx(actor);
  return { ...inner, docker: { ...inner.docker, engines: spokenOf } };
}
beforeEach(async () => {
  for (const { id } of (await listServers(ctx(), { limit: 100 })).items) await removeServer(ctx(), { id });
});

function draft(more: object = {}, container: object = {}): CreateServer {
  return CreateServer.parse({
    id: 'boxed',
    kind: 'container',
    container: { image: 'acme/server:1', ...container },
    ...more,
  });
}
function launchOf(id = 'boxed') {
  return hub.runtime.specs.find((spec) => spec.id === id)?.launch;
}
function revisionOf(id = 'boxed') {
  return hub.runtime.specs.find((spec) => spec.id === id)?.revision;
}

describe('a container server', () => {
  it('is closed in unless it says otherwise', async () => {
    const server = await createServer(ctx(), draft());
    expect(server).toMatchObject({
      kind: 'container',
      transport: 'stdio',
      isolation: 'user',
      url: null,
      command: null,
    });
    expect(launchOf()).toEqual({
      kind: 'container',
      engine: null,
      authority: { owner: hub.admin.id, unconfined: true },
      image: 'acme/server:1',
      command: [],
      env: {},
      secrets: {},
      transport: { kind: 'stdio' },
      network: { kind: 'none' },
      volumes: {},
      limits: { cpus: 1, memoryBytes: 512 * 2 ** 20, pids: 256 },
      readOnly: true,
      pull: 'missing',
    });
  });

  it('hands everything it says to the runtime, names replaced and secrets open', async () => {
    const more = {
      command: 'node',
      args: ['server.js', '${MODE}'],
      env: { MODE: 'fast', KEY: 'very-secret-env' },
      secrets: { TOKEN: 'very-secret-file' },
      headers: { authorization: 'Bearer ${KEY}' },
      cwd: '/app',
    };
    const container = {
      transport: { kind: 'http', port: 8080, sse: true },
      network: { kind: 'allow', hosts: ['api.example.com'] },
      volumes: { '/srv/docs': '/docs:ro' },
      user: '1000',
      entrypoint: ['tini', '--'],
    };
    const server = await createServer(ctx(), draft(more, container));
    expect(server).toMatchObject({
      transport: 'sse',
      env: { KEY: '***' },
      secrets: { TOKEN: '***' },
      headers: { authorization: '***' },
    });
    expect(launchOf()).toMatchObject({
      command: ['node', 'server.js', 'fast'],
      env: { KEY: 'very-secret-env' },
      secrets: { TOKEN: 'very-secret-file' },
      transport: {
        kind: 'http',
        port: 8080,
        path: '/mcp',
        sse: true,
        headers: { authorization: 'Bearer very-secret-env' },
      },
      entrypoint: ['tini', '--'],
      workingDir: '/app',
      user: '1000',
    });
    const [row] = await hub.testDb.db.select().from(tables.servers).where(eq(tables.servers.id, 'boxed'));
    expect(JSON.stringify(row)).not.toContain('very-secret');
    expect(await revealSecret(ctx(), { id: 'boxed', field: 'secrets', name: 'TOKEN' })).toEqual({
      value: 'very-secret-file',
    });
  });

  it('keeps what *** stands for, and restarts only for what changes it', async () => {
    await createServer(ctx(), draft({ secrets: { TOKEN: 'kept' } }));
    const before = revisionOf();
    const { container } = await getServer(ctx(), { id: 'boxed' });
    const { process: _process, authority: _authority, ...settings } = container ?? {};
    const same = { container: ContainerSettings.parse(settings), secrets: { TOKEN: '***' }, description: 'new' };
    await updateServer(ctx(), { id: 'boxed', patch: same });
    expect(revisionOf()).toBe(before);
    await updateServer(ctx(), {
      id: 'boxed',
      patch: { container: ContainerSettings.parse({ image: 'acme/server:2' }) },
    });
    expect(revisionOf()).not.toBe(before);
    expect(launchOf()).toMatchObject({ image: 'acme/server:2', secrets: { TOKEN: 'kept' } });
  });

  it('loses what belongs to containers when it becomes something else', async () => {
    await createServer(ctx(), draft({ secrets: { TOKEN: 'x' } }));
    const patch = { kind: 'streamable-http' as const, url: 'https://example.com/mcp' };
    expect(await updateServer(ctx(), { id: 'boxed', patch })).toMatchObject({
      container: null,
      secrets: {},
      transport: 'streamable-http',
    });
  });

  it.each([
    [{ kind: 'container', container: undefined }, 'container'],
    [{ url: 'https://example.com' }, 'url'],
    [{ kind: 'stdio', command: 'x' }, 'container'],
    [{ secrets: { '../x': 'y' } }, 'secrets'],
    [{ container: { image: 'has space' } }, 'container.image'],
    [{ container: { image: 'x', volumes: { './relative': '/data' } } }, 'container.volumes'],
    [{ container: { image: 'x', network: { kind: 'allow', hosts: ['http://x'] } } }, 'container.network.hosts.0'],
    [{ container: { image: 'x', swarm: {} } }, 'container.transport'],
    [{ container: { image: 'x', limits: { memoryBytes: 10 } } }, 'container.limits.memoryBytes'],
  ])('is refused where it cannot be: %o', (more, path) => {
    const parsed = CreateServer.safeParse({ id: 'x', kind: 'container', container: { image: 'x' }, ...more });
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${path}`))]),
    );
  });

  it('is hidden in all its settings from who may not configure it', async () => {
    await createServer(ctx(), draft({ visibility: 'everyone', secrets: { TOKEN: 'x' } }));
    expect(await getServer(ctx(writer), { id: 'boxed' })).toMatchObject({
      kind: 'container',
      container: null,
      secrets: {},
    });
  });

  it('is found by the way its messages go', async () => {
    await createServer(ctx(), draft());
    await createServer(ctx(), draft({ id: 'web' }, { transport: { kind: 'http', port: 80 } }));
    async function ids(transport: 'stdio' | 'streamable-http') {
      return (await listServers(ctx(), { transport: [transport] })).items.map(({ id }) => id);
    }
    expect(await ids('stdio')).toEqual(['boxed']);
    expect(await ids('streamable-http')).toEqual(['web']);
  });

  it('comes back from an export as it was', async () => {
    const more = { args: ['--port', '80'], env: { A: '${A}' }, secrets: { T: 'x' } };
    await createServer(ctx(), draft(more, { transport: { kind: 'http', port: 80 }, user: '1000' }));
    const before = launchOf();
    const exported = await exportConfig(ctx(), {});
    expect(JSON.stringify(exported)).not.toContain('"x"');
    await removeServer(ctx(), { id: 'boxed' });
    await importConfig(ctx(), { text: JSON.stringify(exported), apply: true });
    expect(launchOf()).toEqual({ ...before, secrets: { T: '' } });
  });
});

describe('moving a process', () => {
  const process = {
    id: 'mover',
    kind: 'stdio' as const,
    command: 'npx',
    args: ['-y', 'x'],
    cwd: '/srv',
    env: { KEY: 'secret' },
  };

  it('keeps its command and secrets, and what it was', async () => {
    await createServer(ctx(), process);
    await toContainer(ctx(), { id: 'mover', network: { kind: 'open' } });
    expect(launchOf('mover')).toMatchObject({
      kind: 'container',
      image: 'node:24',
      command: ['npx', '-y', 'x'],
      env: { KEY: 'secret' },
      network: { kind: 'open' },
    });
    expect(launchOf('mover')).not.toHaveProperty('workingDir');
    await updateServer(ctx(), { id: 'mover', patch: { container: ContainerSettings.parse({ image: 'node:22' }) } });
    expect((await getServer(ctx(), { id: 'mover' })).container?.process).toEqual({
      command: 'npx',
      args: ['-y', 'x'],
      cwd: '/srv',
    });
    await toProcess(ctx(), { id: 'mover' });
    expect(launchOf('mover')).toEqual({
      kind: 'stdio',
      command: 'npx',
      args: ['-y', 'x'],
      cwd: '/srv',
      env: { KEY: 'secret' },
      ownUid: null,
    });
  });

  it('changes nothing where it does not start there', async () => {
    await createServer(ctx(), process);
    hub.runtime.failing.set('mover', 'no such program');
    await expect(toContainer(ctx(), { id: 'mover' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no such program'),
    });
    hub.runtime.failing.delete('mover');
    expect(await getServer(ctx(), { id: 'mover' })).toMatchObject({ kind: 'stdio' });
  });

  it('needs an image', async () => {
    await createServer(ctx(), process);
    const bare = { ...ctx(), policy: { ...hub.core.deps.policy, containerBaseImage: null } };
    await expect(toContainer(bare, { id: 'mover' })).rejects.toMatchObject({ code: 'precondition' });
    expect(await toContainer(bare, { id: 'mover', image: 'node:20' })).toMatchObject({
      container: { image: 'node:20' },
    });
  });
});

it.each([
  ['node:24', 'node:24', true],
  ['node', 'docker.io/library/node:24', true],
  ['node', 'nodeevil:24', false],
  ['ghcr.io/acme/*', 'ghcr.io/acme/server:1', true],
  ['ghcr.io/acme/*', 'ghcr.io/acme-evil/server:1', false],
  ['acme/server', 'acme/server@sha256:00', true],
  ['acme/server:1', 'acme/server:2', false],
  ['acme/server:1', 'evil.example.com/acme/server:1', false],
])('the pattern %s allows %s: %s', (pattern, image, allowed) => {
  expect(matchesImage(pattern, image)).toBe(allowed);
});

describe('a hub without an engine', () => {
  it('starts no container for anybody, and says what it lacks', async () => {
    const bare = hub.ctx();
    const none = { code: 'unavailable', message: expect.stringContaining('No Docker Engine is configured') };
    const { signal } = bare;
    const transport = { kind: 'stdio' } as const;
    const network = { kind: 'open' } as const;
    const launch = { kind: 'container', image: 'a:1', command: [], env: {}, transport, network } as const;
    await expect(createServer(bare, draft())).rejects.toMatchObject(none);
    await expect(checkLaunch(bare.docker.engines, launch, signal)).rejects.toMatchObject(none);
    await expect(createContainer(bare, CreateContainer.parse({ image: 'a:1' }))).rejects.toMatchObject(none);
    await expect(checkSpec(bare, { name: 'local' } as ManagedEngine, { image: 'a:1' })).rejects.toMatchObject(none);
    expect(() => bare.docker.engines.policy).toThrow(expect.objectContaining(none));
    expect(await listServers(bare, {})).toMatchObject({ items: [] });
  });
});
