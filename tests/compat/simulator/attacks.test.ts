import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';

let app: CompatApp;
let tokens: { id: string; token: string }[];

const changes = '[{"op": "add", "path": "{{ arguments.path }}", "value": {{ arguments.value | json }}}]';
const actions = [
  {
    name: 'set',
    parameters: [{ key: 'path', type: 'String', required: true }],
    inputSchema: { type: 'object' },
    answers: [{ mode: 'static', value: { done: true } }],
    changes,
  },
  {
    name: 'patch',
    inputSchema: { type: 'object' },
    answers: [{ mode: 'static', value: {} }],
    changes: '{{ arguments.patch | json }}',
  },
  { name: 'show', answers: [{ mode: 'template', body: '{{ state | json }}' }] },
  { name: 'fixed', answers: [{ mode: 'static', value: { fixed: true } }] },
];

beforeAll(async () => {
  app = await createCompatApp();
  const made = await mutate('apps.create', {
    category: 'Attacked',
    name: 'Product',
    displayName: 'Product',
    initialState: { hosts: {} },
    actions,
  });
  tokens = [];
  for (const _each of [0, 1]) tokens.push(await mutate('apps.tokens.create', { apps: [made.id] }));
  await app.core.deps.simulator.load();
});
afterAll(() => app.stop());

async function mutate(path: string, input: Json): Promise<Json> {
  const { status, body } = await app.json(`/trpc/${path}`, { body: input });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.result.data;
}

/** As raw JSON: an object literal would lose `__proto__` on the way. */
async function call(name: string, given: string, as = 0): Promise<Json> {
  const response = await fetch(`${app.url}/sim/Attacked/Product?token=${tokens[as]?.token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":${given}}}`,
  });
  return await response.json();
}

async function stateOf(as: number): Promise<Json> {
  return JSON.parse((await call('show', '{}', as)).result.content[0].text);
}

/** What a change of a prototype would show in everything of the process. */
function expectClean() {
  for (const word of ['polluted', 'isAdmin']) {
    expect(Reflect.get({}, word)).toBeUndefined();
    expect(Reflect.get([], word)).toBeUndefined();
    expect(Reflect.get(() => undefined, word)).toBeUndefined();
  }
  expect(Object.prototype.toString.call({})).toBe('[object Object]');
}

const poisonedPaths = [
  '/__proto__/polluted',
  '/constructor/prototype/polluted',
  '/hosts/__proto__/polluted',
  '/hosts/constructor/prototype/isAdmin',
  '/toString/call',
  '/hosts/hasOwnProperty/call',
];

test('no path of a change reaches what all objects share', async () => {
  for (const path of poisonedPaths) {
    const answer = await call('set', JSON.stringify({ path, value: 'yes' }));
    expect([path, answer.result.isError], JSON.stringify(answer)).toEqual([path, true]);
    expectClean();
  }
  expect(await stateOf(0)).toEqual({ hosts: {} });
});

test('names that objects have anyway are data, in arguments, states and patches', async () => {
  const poison = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"isAdmin":true}}}';
  await call('set', `{"path":"/hosts","value":${poison},"__proto__":{"polluted":1}}`);
  await call('patch', `{"patch":[{"op":"add","path":"/again","value":${poison},"__proto__":{"op":"remove"}}]}`);
  await call('patch', '{"patch":[{"op":"move","from":"/hosts","path":"/__proto__"}]}');
  await call('patch', '{"patch":[{"op":"copy","from":"/__proto__","path":"/taken"}]}');
  expectClean();
  const state = await stateOf(0);
  expect(state.polluted).toBeUndefined();
  expect((await call('fixed', '{}')).result.structuredContent).toEqual({ fixed: true });
});

test('patches that are huge, deep or grow are refused, and cost the hub little', async () => {
  await call('patch', '{"patch":[{"op":"replace","path":"","value":{"list":[1]}}]}');
  const before = await stateOf(0);
  const deep = `${'[{"a":'.repeat(400)}1${'}]'.repeat(400)}`;
  const many = JSON.stringify(Array.from({ length: 20_000 }, () => ({ op: 'add', path: '/list/-', value: 1 })));
  const doubling = JSON.stringify(
    Array.from({ length: 40 }, (_, at) => ({ op: 'copy', from: '', path: `/copy${at}` })),
  );
  const farAway = JSON.stringify([{ op: 'add', path: '/list/4294967295', value: 1 }]);
  const long = JSON.stringify([{ op: 'add', path: `/${'a/'.repeat(20_000)}`, value: 1 }]);
  for (const patch of [`[{"op":"add","path":"/deep","value":${deep}}]`, many, doubling, farAway, long, '{}', '"x"']) {
    const begun = process.cpuUsage();
    const { result, error } = await call('patch', `{"patch":${patch}}`);
    const { user, system } = process.cpuUsage(begun);
    expect(error ?? result.isError, patch.slice(0, 60)).toBeTruthy();
    expect((user + system) / 1_000, patch.slice(0, 60)).toBeLessThan(5_000);
    expect(await stateOf(0)).toEqual(before);
  }
});

test('a token reads and changes its own state alone', async () => {
  const other = await stateOf(1);
  await call('patch', '{"patch":[{"op":"replace","path":"","value":{"mine":"secret"}}]}');
  const named = JSON.stringify({
    token: tokens[0]?.token,
    token_id: tokens[0]?.id,
    key: tokens[0]?.id,
    state: { a: 1 },
  });
  for (const given of ['{}', named, `{"__proto__":{"key":"${tokens[0]?.id}"}}`]) {
    const text = JSON.stringify(await call('show', given, 1));
    expect(text).not.toContain('secret');
  }
  expect(await stateOf(1)).toEqual(other);
  expect(await stateOf(0)).toEqual({ hosts: {}, mine: 'secret' });
});

test('a static call asks the database nothing', async () => {
  const { simulator } = app.core.deps;
  const { sql } = app.connection;
  await call('fixed', '{}');
  await simulator.flush();
  const statements: string[] = [];
  sql.options.debug = (_connection, query) => void statements.push(query);
  try {
    for (let at = 0; at < 200; at += 1) expect((await call('fixed', '{}')).result.structuredContent.fixed).toBe(true);
    await simulator.flush();
  } finally {
    sql.options.debug = false;
  }
  const own = statements.filter((text) => /\bapp(?:s|_\w+)\b/.test(text));
  // The log is written behind, many calls at once; the time of the last call with it.
  const log = /insert into app_logs|update "app_tokens" set "last_used_at"/;
  expect(own.filter((text) => !log.test(text))).toEqual([]);
  expect(own.length).toBeGreaterThan(0);
  expect(own.length).toBeLessThan(100);
});
