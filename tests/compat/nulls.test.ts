import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dialects, hasBody, listRoutes, type ListedRoute } from '@switchboard/api/dialects';
import { createTestApp, type Json, type TestApp } from '../support/app.ts';

/** Clients with typed models send null for each optional field that they have no value for. */

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

function send(path: string, body: Json, method = 'POST') {
  return app.json(path, { method, body });
}

/** Optional fields of a route's body that null is no value of. */
function optionalFields({ inputs, route }: ListedRoute): string[] {
  const [schema] = inputs;
  if (!(schema instanceof z.ZodObject) || route.body !== undefined || route.form === 'only') return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>)
    .filter(([name, field]) => field._zod.optin !== undefined && !route.path.includes(`{${name}}`))
    .map(([name]) => name);
}

const written = listRoutes(dialects).filter(
  (listed) => hasBody(listed.route) && optionalFields(listed).length > 0 && listed.route.path !== '/api/auth/logout',
);

describe('every optional field of every route', () => {
  test.each(written.map((listed) => [`${listed.route.method} ${listed.route.path}`, listed] as const))(
    'may be null: %s',
    async (_title, listed) => {
      const { route } = listed;
      const path = route.path.replaceAll(/\{\w+\}/g, 'ghost');
      // Nothing is deployed: what is required is missing.
      const example = (route.dialect === 'containers' ? {} : (route.example?.body ?? {})) as Json;
      const absent = Object.fromEntries(
        Object.entries<Json>(example).filter(([name]) => !optionalFields(listed).includes(name)),
      );
      const nulls = Object.fromEntries(optionalFields(listed).map((name) => [name, null]));
      const { status, body } = await send(path, { ...absent, ...nulls }, route.method);
      expect(status >= 400 ? JSON.stringify(body) : '').not.toMatch(/null|received|expected|不能为空/);
    },
  );
});

describe('null', () => {
  test('is an absent field of the documented bodies', async () => {
    const credentials = { username: 'admin', password: 'correct horse battery staple', mfaCode: null };
    expect((await send('/api/auth/login', credentials)).status).toBe(200);
    const server = { name: 'nulls', command: 'node', args: null, env: null, enabled: false, tags: null };
    const created = await send('/api/servers', server);
    expect([created.status, created.body.data?.tags]).toEqual([201, []]);
    const { id } = created.body.data;
    expect((await send(`/api/servers/${id}/stop`, { graceful: null, timeout: null })).status).toBe(200);
    expect((await app.json(`/api/servers/${id}/stop`, { method: 'POST', body: 'null', headers: json })).status).toBe(
      200,
    );
    const group = {
      name: 'null-group',
      description: null,
      permissions: null,
      settings: { maxMembers: null, autoAssign: null },
    };
    expect((await send('/api/groups', group)).status).toBe(201);
    const user = { username: 'nulls', password: 'a long password', role: null, groups: null, profile: null };
    expect((await send('/api/users', user)).status).toBe(201);
    expect((await send('/api/groups/null-group/members', { userId: 'nulls', role: null })).body.data.role).toBe(
      'member',
    );
    expect((await send('/api/groups/null-group/servers', { serverId: id, permissions: null })).status).toBe(201);
  });

  test('keeps a field that a change does not mean', async () => {
    await send('/api/groups', { name: 'kept', description: 'stays' });
    const { status, body } = await send('/api/groups/kept', { description: null, displayName: 'New' }, 'PUT');
    expect([status, body.data.description, body.data.displayName]).toEqual([200, 'stays', 'New']);
  });

  test('is a missing field where one is required', async () => {
    const { status, body } = await send('/api/servers', { name: null, command: 'node' });
    expect([status, body.error.details.reason]).toEqual([422, '名称不能为空']);
    const image = await send('/api/containers/create', { image: null });
    expect([image.status, image.body.detail[0].type]).toEqual([422, 'missing']);
    for (const entry of [{ id: null }, { command: '' }, { command: null }, { type: '' }, { type: null }]) {
      const { status: refused, body: answer } = await send('/api/mcp/servers', {
        id: 'x',
        type: 'stdio',
        command: 'node',
        ...entry,
      });
      expect([refused, answer.error], JSON.stringify(entry)).toEqual([
        400,
        { code: 'INVALID_CONFIG', message: 'Missing required fields: id, type, command' },
      ]);
    }
  });
});

const json = { 'content-type': 'application/json' };
