import { afterAll, beforeAll, expect, test } from 'vitest';
import { tables } from '@switchboard/db';
import type { Json } from '../support/app.ts';
import { commonPassword } from '../support/people.ts';
import { actors, createWorld, planted, type World } from './world.ts';

/** Secrets that went in never come out: not in an answer, an export, a log, the trail or the database. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

test('no list, object, export or history shows one, to anybody', async () => {
  const { callers } = world;
  await callers.admin.json('/api/mcp/servers/shared/tools/echo/call', { body: { text: 'hi' } });
  await callers.admin.client().servers.update.mutate({ id: 'shared', patch: { description: 'told' } });
  const key = await callers.admin.client().keys.create.mutate({ name: 'planted' });
  const login = await world.app.json('/api/auth/login', {
    body: { username: 'member', password: commonPassword },
    auth: false,
  });
  const secrets = [planted.header, key.key, login.body.data.token, login.body.data.refreshToken, commonPassword];
  const paths = [
    '/api/servers',
    '/api/servers/shared',
    '/api/servers/shared/logs',
    '/api/mcp/servers',
    '/api/mcp/servers/shared',
    '/api/mcp/servers/shared/status',
    '/api/mcp/statistics',
    '/api/mcp/health',
    '/api/users',
    '/api/groups',
    '/api/groups/team/servers',
    '/api/auth/api-keys',
    '/api/auth/me',
    '/api/auth/verify',
    '/api/audit/logs?limit=500',
    '/api/audit/logs?format=csv',
    '/api/audit/logs?format=jsonl',
    '/api/monitoring/status',
    '/api/monitoring/logs?limit=1000',
    '/metrics',
    '/trpc/servers.list',
    `/trpc/servers.get?input=${encodeURIComponent('{"id":"shared"}')}`,
    '/trpc/servers.exportConfig',
    '/trpc/keys.list',
    '/trpc/users.list',
    '/trpc/audit.list',
    '/trpc/calls.list',
    '/trpc/account.sessions',
    '/trpc/system.info',
    '/trpc/system.overview',
  ];
  for (const actor of actors) {
    const headers: Record<string, string> =
      callers[actor].token === '' ? {} : { authorization: `Bearer ${callers[actor].token}` };
    for (const path of paths) {
      const text = await (await world.app.fetch(path, { auth: false, headers })).text();
      for (const secret of secrets) expect(text.includes(secret), `${actor} ${path} ${secret}`).toBe(false);
    }
  }
});

test('a stored value is written back as *** and kept', async () => {
  const client = world.callers.admin.client();
  const { headers } = await client.servers.get.query({ id: 'shared' });
  expect(headers).toEqual({ 'x-secret': '***' });
  await client.servers.update.mutate({ id: 'shared', patch: { headers } });
  const { value } = await client.servers.reveal.mutate({ id: 'shared', field: 'headers', name: 'x-secret' });
  expect(value).toBe(planted.header);
});

test('the database holds none in clear', async () => {
  const { db } = world.app.core.deps;
  const rows: Json[] = [];
  for (const table of Object.values(tables).filter((each) => !('seqName' in each)))
    rows.push(...(await db.select().from(table as typeof tables.users)));
  const dump = JSON.stringify(rows);
  expect(dump).toContain('shared');
  for (const secret of [planted.header, commonPassword, ...actors.map((actor) => world.callers[actor].token)]) {
    if (secret !== '') expect(dump.includes(secret), secret).toBe(false);
  }
});
