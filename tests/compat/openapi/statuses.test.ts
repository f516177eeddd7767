import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type Json, type TestApp } from '../../support/app.ts';
import { addPerson, type Caller, callerOf } from '../../support/people.ts';
import { createChecker, type Operation, operationsOf } from './operations.ts';

/** Whatever goes wrong at a route, its status, its body and its headers are in the document. */

let app: TestApp;
let operations: Operation[];
let check: ReturnType<typeof createChecker>;
let disabled: Caller;
let narrow: Caller;

beforeAll(async () => {
  app = await createTestApp({ BODY_LIMIT: '100kb' });
  const { body: document } = await app.json('/openapi.json', { auth: false });
  operations = operationsOf(document);
  check = createChecker(document);
  disabled = await addPerson(app, 'disabled');
  await app.json(`/api/users/${disabled.id}`, { method: 'PUT', body: { enabled: false } });
  const created = await app.client().keys.create.mutate({ name: 'narrow', scopes: ['user.find'] });
  narrow = callerOf(app, created.key);
});
afterAll(() => app?.stop());

interface Attempt {
  name: string;
  /** What stands for each name in the path. */
  id?: string;
  query?: string;
  body?: string;
  headers?: Record<string, string>;
  as?: () => { token: string };
}

const json = { 'content-type': 'application/json' };

const attempts: Attempt[] = [
  { name: 'no body, of a name that is not there' },
  { name: 'a body that is no JSON', body: '{', headers: json },
  { name: 'a body that is no object', body: '[]', headers: json },
  { name: 'a body without a content type', body: 'x', headers: { 'content-type': 'text/plain' } },
  { name: 'an unknown content coding', body: '{}', headers: { ...json, 'content-encoding': 'bogus' } },
  { name: 'a body that is too large', body: JSON.stringify({ name: 'x'.repeat(200_000) }), headers: json },
  { name: 'wrong types', body: '{"name":7,"username":7,"id":7,"image":7,"content":7}', headers: json },
  { name: 'an endless name', id: 'x'.repeat(2_000) },
  { name: 'a NUL character', id: '%00' },
  {
    name: 'unknown query values',
    query: '?page=x&status=bogus&limit=-1&force=perhaps&tail=x&follow=x&level=x&since=x',
  },
  { name: 'unknown filters', query: '?filter%5Bbogus%5D=1&sort=bogus' },
  { name: 'no credentials', as: () => ({ token: '' }) },
  { name: 'credentials that are none', as: () => ({ token: 'bogus' }) },
  { name: 'a disabled account', as: () => disabled },
  { name: 'a key that may nothing', as: () => narrow },
];

async function send({ method, path }: Operation, { id = 'ghost', query = '', body, headers, as }: Attempt) {
  const token = as ? as().token : app.token;
  const hasBody = method !== 'get' && method !== 'delete';
  return fetch(`${app.url}${path.replace(/\{\w+\}/g, id)}${query}`, {
    method: method.toUpperCase(),
    redirect: 'manual',
    headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && hasBody && { body }),
  });
}

/** Those that end the session that asks would let nothing in after them. */
function isHarmless({ path }: Operation, { as }: Attempt): boolean {
  return as !== undefined || path !== '/api/auth/logout';
}

async function problemsOf(operation: Operation, attempt: Attempt): Promise<string[]> {
  const response = await send(operation, attempt);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  try {
    check(operation, response.status, isJson ? JSON.parse(text) : text);
  } catch (error) {
    return [String(error)];
  }
  const told: Json = operation.documented.responses[String(response.status)].headers ?? {};
  const always = Object.keys(told).filter((name) => told[name].required === true);
  const missing = always.filter((name) => !response.headers.has(name));
  return missing.map((name) => `${operation.id} answered ${response.status} without ${name}`);
}

test.each(attempts)('$name', { timeout: 300_000 }, async (attempt) => {
  const problems: string[] = [];
  for (const operation of operations.filter((each) => isHarmless(each, attempt))) {
    problems.push(...(await problemsOf(operation, attempt)));
  }
  expect(problems).toEqual([]);
});
