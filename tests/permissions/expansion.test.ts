import { createServer as createHttpServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor, Ctx } from '@switchboard/core';
import { addMember, addServerToGroup, createGroup } from '@switchboard/core/groups';
import { createServer, getServer, testServer, updateServer } from '@switchboard/core/servers';
import { ContainerSettings, type CreateServer, type ServerPatch } from '@switchboard/core/servers/schema';
import { makeTestCore, spokenOf, type TestCore } from '@switchboard/core/testing';
import { tables } from '@switchboard/db';
import { createTestApp } from '../support/app.ts';
import { addPerson } from '../support/people.ts';

/**
 * Every launch field × somebody who may manage a server and not see its secrets: what changes where the secrets go,
 * also by way of `${NAME}`, is refused unless every secret comes anew; what does not is allowed.
 */

const remote: CreateServer = {
  kind: 'streamable-http',
  url: 'https://${UPSTREAM}/mcp',
  env: { UPSTREAM: 'example.com', TOKEN: 'stored' },
  headers: { authorization: 'Bearer ${TOKEN}', 'x-team': 'stored' },
};
const program: CreateServer = {
  kind: 'stdio',
  command: '${RUNTIME}',
  args: ['--dir', '${PLACE}'],
  cwd: '/${PLACE}',
  env: { RUNTIME: 'node', PLACE: 'srv', TOKEN: 'stored' },
};
const boxed: CreateServer = {
  kind: 'container',
  container: ContainerSettings.parse({ image: 'acme/server:1' }),
  args: ['${PLACE}'],
  env: { PLACE: 'srv', TOKEN: 'stored' },
  secrets: { CONFIG: 'stored' },
};
const mask = '***';
const masked = { remote: { UPSTREAM: mask, TOKEN: mask }, program: { RUNTIME: mask, PLACE: mask, TOKEN: mask } };

type Row = [what: string, draft: CreateServer, patch: ServerPatch];

const refused: Row[] = [
  ['the URL', remote, { url: 'https://evil.example/mcp' }],
  ['a variable in the URL', remote, { env: { ...masked.remote, UPSTREAM: 'evil.example' } }],
  ['a variable in the URL that goes', remote, { env: { TOKEN: mask } }],
  ['the URL written out, with the same meaning', remote, { url: 'https://example.com/mcp' }],
  ['the header a proxy goes by', remote, { headers: { authorization: mask, 'x-team': mask, Host: 'evil.example' } }],
  [
    'a variable in such a header',
    { ...remote, headers: { Host: '${TOKEN}', k: 'v' } },
    { env: { ...masked.remote, TOKEN: 'evil.example' } },
  ],
  ['the kind of transport', remote, { kind: 'sse' }],
  ['the command', program, { command: 'evil' }],
  ['a variable in the command', program, { env: { ...masked.program, RUNTIME: 'evil' } }],
  ['the arguments', program, { args: ['-e', 'evil'] }],
  ['a variable in arguments and folder', program, { env: { ...masked.program, PLACE: 'evil' } }],
  ['the folder', program, { cwd: '/tmp' }],
  ['a variable more for a program', program, { env: { ...masked.program, NODE_OPTIONS: '--import=evil' } }],
  ['the image', boxed, { container: ContainerSettings.parse({ image: 'evil/server:1' }) }],
  [
    'a network of a container',
    boxed,
    { container: ContainerSettings.parse({ image: 'acme/server:1', network: { kind: 'open' } }) },
  ],
  ['a variable in arguments of a container', boxed, { env: { PLACE: 'evil', TOKEN: mask } }],
  ['a variable more for a container', boxed, { env: { PLACE: mask, TOKEN: mask, HTTPS_PROXY: 'http://evil.example' } }],
  ['a file of a container', boxed, { secrets: { CONFIG: 'evil' } }],
];

const allowed: Row[] = [
  ['a description', remote, { description: 'new' }],
  ['another value of a header', remote, { headers: { authorization: mask, 'x-team': 'new' } }],
  ['a variable that stands in no target', remote, { env: { UPSTREAM: mask, TOKEN: 'new' } }],
  [
    'every value anew',
    remote,
    { url: 'https://other.example/mcp', env: { UPSTREAM: 'x', TOKEN: 'new' }, headers: { authorization: 'new' } },
  ],
  ['what is there already', program, { command: '${RUNTIME}', env: masked.program }],
  ['every value anew for a program', program, { command: 'other', env: { TOKEN: 'new' } }],
];

let hub: TestCore;
let writer: Actor;
let count = 0;
function ctx(actor?: Actor): Ctx {
  const inner = hub.ctx(actor);
  return { ...inner, docker: { ...inner.docker, engines: spokenOf } };
}

/** A server of the admin that `writer` may manage through a group. */
async function shared(draft: CreateServer): Promise<string> {
  const { id } = await createServer(ctx(), { ...draft, id: `server-${(count += 1)}` });
  await addServerToGroup(ctx(), { groupId: 'ops', serverId: id, permissions: ['read', 'write', 'execute'] });
  return id;
}

beforeAll(async () => {
  hub = await makeTestCore();
  const user = await hub.addUser('user', 'writer');
  await hub.testDb.db.update(tables.users).set({ grants: ['server.run-process', 'container.manage'] });
  await createGroup(ctx(), { name: 'ops', permissions: { servers: ['read', 'write', 'execute'] } });
  await addMember(ctx(), { groupId: 'ops', userId: user.id });
  writer = user;
});
afterAll(() => hub.close());

/** The same change as a draft to be tried out with what is stored. */
function asDraft(draft: CreateServer, patch: ServerPatch): CreateServer {
  function values(field: 'env' | 'headers' | 'secrets') {
    return draft[field] && { [field]: Object.fromEntries(Object.keys(draft[field]).map((name) => [name, mask])) };
  }
  return {
    ...draft,
    id: 'tried',
    ...values('env'),
    ...values('headers'),
    ...values('secrets'),
    ...patch,
  } as CreateServer;
}

describe('who may manage a server and not see its secrets', () => {
  test.each(refused)('may not change %s', async (_, draft, patch) => {
    const id = await shared(draft);
    expect((await getServer(ctx(writer), { id })).can).toMatchObject({ configure: true, reveal: false });
    const refusal = { code: 'forbidden', message: expect.stringContaining('not see its secrets') };
    await expect(updateServer(ctx(writer), { id, patch })).rejects.toMatchObject(refusal);
    const attempt = testServer(ctx(writer), { draft: asDraft(draft, patch), existingId: id });
    await expect(attempt).rejects.toMatchObject(refusal);
    await expect(updateServer(ctx(), { id, patch })).resolves.toMatchObject({ id });
  });

  test.each(allowed)('may change %s', async (_, draft, patch) => {
    const id = await shared(draft);
    await expect(updateServer(ctx(writer), { id, patch })).resolves.toMatchObject({ id });
  });
});

test('a variable of a URL leads nobody to this machine who may not go there', async () => {
  await using app = await createTestApp();
  const heard: string[] = [];
  const listener = createHttpServer((request, response) => {
    heard.push(request.headers.authorization ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as { port: number };
  try {
    const admin = app.client();
    const ann = await addPerson(app, 'ann');
    await admin.groups.create.mutate({ name: 'ops', permissions: { servers: ['read', 'write', 'execute'] } });
    await admin.groups.addMember.mutate({ groupId: 'ops', userId: ann.id });
    await admin.servers.create.mutate({
      id: 'theirs',
      kind: 'streamable-http',
      url: 'http://${PLACE}/mcp',
      env: { PLACE: '127.0.0.1:9', TOKEN: 'secret' },
      headers: { authorization: 'Bearer ${TOKEN}' },
    });
    await admin.groups.addServer.mutate({
      groupId: 'ops',
      serverId: 'theirs',
      permissions: ['read', 'write', 'execute'],
    });
    const env = { PLACE: `127.0.0.1:${port}`, TOKEN: '***' };
    const update = ann.client().servers.update;
    await expect(update.mutate({ id: 'theirs', patch: { env } })).rejects.toThrow('not see its secrets');
    const headers = { authorization: 'mine' };
    await update.mutate({ id: 'theirs', patch: { env: { ...env, TOKEN: 'mine' }, headers } });
    const started = await ann.json('/api/servers/theirs/start', { method: 'POST', body: {} });
    expect(JSON.stringify(started.body)).not.toContain('"secret"');
    await expect
      .poll(async () => (await admin.servers.get.query({ id: 'theirs' })).status.error, { timeout: 90_000 })
      .toContain('loopback or private');
    expect(heard).toEqual([]);
  } finally {
    listener.close();
  }
});
