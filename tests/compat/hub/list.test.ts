import { afterAll, beforeAll, expect } from 'vitest';
import type { Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp, askUntil } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;

/** Three servers: one that runs, one that was stopped, one that fails. */
beforeAll(async () => {
  app = await createCompatApp();
  const drafts = [
    { name: 'Alpha', command: 'python', description: 'Searches Python code', tags: ['python', 'search'] },
    { name: 'beta', command: 'uvx', tags: ['search'] },
    { name: 'Gamma', command: 'uvx', args: ['--fails'], description: '100% broken' },
  ];
  for (const body of drafts) await app.json('/api/servers', { body });
  await app.fetch('/api/servers/beta/stop', { method: 'POST' });
  await askUntil(
    async () => (await app.json('/api/servers')).body.data.items.map(({ status }: Json) => status),
    (statuses) => statuses.join() === 'error,stopped,running',
  );
});
afterAll(() => app.stop());

async function names(query: string): Promise<string[]> {
  const { status, body } = await app.json(`/api/servers${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.data.items.map(({ name }: Json) => name);
}

verifies(17, 'the curl examples list with a token and with an API key', async () => {
  const byToken = `curl -X GET https://api.mcphub.com/servers \\
  -H "Authorization: Bearer YOUR_JWT_TOKEN"`;
  const byKey = `curl -X GET https://api.mcphub.com/servers \\
  -H "X-API-Key: YOUR_API_KEY"`;
  const { key } = await app.client().keys.create.mutate({ name: 'example' });
  const first = await app.curl(byToken, { YOUR_JWT_TOKEN: app.token });
  const second = await app.curl(byKey, { YOUR_API_KEY: key });
  expect(first.data.items).toHaveLength(3);
  expect(second.data.items.map(({ id }: Json) => id)).toEqual(first.data.items.map(({ id }: Json) => id));
});

verifies(17, 'the curl example pages and sorts', async () => {
  const example = `curl -X GET "https://api.mcphub.com/servers?page=2&limit=50&sort=name&order=asc" \\
  -H "Authorization: Bearer $TOKEN"`;
  const answer = await app.curl(example, { $TOKEN: app.token });
  expect(answer.data).toEqual({
    items: [],
    pagination: { page: 2, limit: 50, total: 3, pages: 1, hasNext: false, hasPrev: true },
  });
});

verifies(17, 'the curl example searches and filters', async () => {
  const example = `curl -X GET "https://api.mcphub.com/servers?search=python&filter[status]=running&created_after=2024-01-01" \\
  -H "Authorization: Bearer $TOKEN"`;
  const answer = await app.curl(example, { $TOKEN: app.token });
  expect(answer.data.items.map(({ name }: Json) => name)).toEqual(['Alpha']);
});

verifies(17, 'the fetch example reads the envelope', async () => {
  const response = await fetch(`${app.url}/api/servers`, {
    headers: { Authorization: `Bearer ${app.token}`, 'Content-Type': 'application/json' },
  });
  const data = await response.json();
  expect(data).toMatchObject({ success: true, message: '操作成功', timestamp: expect.stringMatching(/Z$/) });
});

verifies(17, 'the typed client lists', async () => {
  const { items, total } = await app.client().servers.list.query({});
  expect(total).toBe(3);
  expect(items.map(({ id }) => id)).toEqual(['Gamma', 'beta', 'Alpha']);
});

verifies(17, 'without an order the newest comes first; a sort alone ascends', async () => {
  expect(await names('')).toEqual(['Gamma', 'beta', 'Alpha']);
  expect(await names('?sort=name')).toEqual(['Alpha', 'beta', 'Gamma']);
  expect(await names('?sort=name&order=desc')).toEqual(['Gamma', 'beta', 'Alpha']);
  expect(await names('?sort=createdAt')).toEqual(['Alpha', 'beta', 'Gamma']);
});

verifies(17, 'pages are stable and counted', async () => {
  const { body } = await app.json('/api/servers?limit=2&sort=name');
  expect(body.data.pagination).toEqual({ page: 1, limit: 2, total: 3, pages: 2, hasNext: true, hasPrev: false });
  expect(await names('?limit=2&page=2&sort=name')).toEqual(['Gamma']);
});

verifies(17, 'a limit over 100 counts as 100', async () => {
  const { body } = await app.json('/api/servers?limit=5000');
  expect(body.data.pagination.limit).toBe(100);
});

verifies(17, 'filters by status, in either spelling and together', async () => {
  // Gamma is tried again and again, and is no error for that moment.
  function settled(query: string) {
    return expect.poll(() => names(query));
  }
  expect(await names('?status=running')).toEqual(['Alpha']);
  expect(await names('?status=stopped')).toEqual(['beta']);
  await settled('?filter[status]=error').toEqual(['Gamma']);
  await settled('?filter%5Bstatus%5D=error,stopped').toEqual(['Gamma', 'beta']);
  expect(await names('?status=running&filter[status]=error')).toEqual([]);
});

verifies(17, 'searches names, descriptions and tags whatever the case', async () => {
  expect(await names('?search=PYTHON')).toEqual(['Alpha']);
  expect(await names('?search=search')).toEqual(['beta', 'Alpha']);
  expect(await names('?search=100%25')).toEqual(['Gamma']);
  expect(await names('?search=_')).toEqual([]);
});

verifies(17, 'filters by the other fields', async () => {
  expect(await names('?filter[tags]=python')).toEqual(['Alpha']);
  expect(await names('?filter[enabled]=false')).toEqual([]);
  expect(await names('?filter[type]=stdio')).toHaveLength(3);
  expect(await names('?filter[id]=beta,Gamma')).toEqual(['Gamma', 'beta']);
  expect(await names('?created_before=2024-01-01')).toEqual([]);
  expect(await names('?created_after=2024-01-01T00:00:00Z')).toHaveLength(3);
  expect(await names('?group=dev-team')).toEqual([]);
});

verifies(17, 'unknown words are 400, numbers out of range 422', async () => {
  const bad: [string, number, string, string][] = [
    ['?status=sleepy', 400, 'INVALID_REQUEST', 'status'],
    ['?filter[colour]=red', 400, 'INVALID_REQUEST', 'filter[colour]'],
    ['?sort=colour', 400, 'INVALID_REQUEST', 'sort'],
    ['?order=sideways', 400, 'INVALID_REQUEST', 'order'],
    ['?page=0', 422, 'VALIDATION_ERROR', 'page'],
    ['?page=two', 422, 'VALIDATION_ERROR', 'page'],
    ['?page=1.5', 422, 'VALIDATION_ERROR', 'page'],
    ['?limit=-1', 422, 'VALIDATION_ERROR', 'limit'],
    ['?created_after=yesterday', 422, 'VALIDATION_ERROR', 'created_after'],
    ['?created_after=2024-02-31', 422, 'VALIDATION_ERROR', 'created_after'],
  ];
  for (const [query, status, code, field] of bad) {
    const answer = await app.json(`/api/servers${query}`);
    expect([answer.status, answer.body.error?.code], query).toEqual([status, code]);
    expect(answer.body.error.details.field.split('.')[0], query).toBe(field);
    expect(answer.body.error.details.reason, query).not.toBe('');
  }
});
