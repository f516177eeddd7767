import { APIError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '@switchboard/agents/testing';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { modelName, openDoor, type Door } from './door.ts';

/** What fails, in OpenAI's shape, as the official client tells it. */

let door: Door;
beforeAll(async () => {
  door = await openDoor({ BODY_LIMIT: '256KB', MAX_STREAMS_PER_PERSON: '4' });
});
afterAll(() => door[Symbol.asyncDispose]());
beforeEach(() => door.provider.forget());

const messages = [{ role: 'user' as const, content: 'Hello?' }];
const request = { model: modelName, messages };

/** What the client throws, whatever it was asked. */
async function thrownBy(asked: PromiseLike<unknown>): Promise<APIError> {
  const error = await Promise.resolve(asked).then(
    (answer) => answer,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof APIError)) throw new Error(`Nothing was refused: ${JSON.stringify(error)}`, { cause: error });
  return error;
}
function told(error: APIError) {
  return [error.status, error.type, error.param, error.code];
}

/** An answer to a body as it is, in the one shape that there is. */
async function refused(body: Json, init: { token?: string; headers?: Record<string, string> } = {}) {
  const { token = door.app.token, headers } = init;
  const answer = await door.app.json('/v1/chat/completions', {
    body,
    auth: false,
    headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers },
  });
  expect(answer.body).toEqual({
    error: {
      message: expect.any(String),
      type: expect.any(String),
      param: expect.toSatisfy(isParam),
      code: expect.any(String),
    },
  });
  const { message, param, code } = answer.body.error;
  return { status: answer.status, message, param, code, headers: answer.headers };
}
function isParam(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

describe('a failure of the provider', () => {
  const cases: [string, Reply, [number, string]][] = [
    ['429 with seconds', { status: 429, retryAfter: '7' }, [429, 'rate_limit_exceeded']],
    [
      '429 with a date',
      { status: 429, retryAfter: new Date(Date.now() + 3_600_000).toUTCString() },
      [429, 'rate_limit_exceeded'],
    ],
    ['500', { status: 500 }, [502, 'provider_unavailable']],
    ['503', { status: 503 }, [503, 'model_overloaded']],
    ['401', { status: 401 }, [502, 'provider_unavailable']],
    ['400', { status: 400 }, [400, 'invalid_value']],
    [
      'a JSON error with 200',
      { body: { error: { message: 'Odd.', type: 'server_error' } } },
      [502, 'provider_unavailable'],
    ],
    ['a page with 200', { body: '<html>Sign in</html>' }, [502, 'provider_unavailable']],
    [
      'a conversation that is too long',
      { status: 400, body: { error: { message: 'too long', code: 'context_length_exceeded' } } },
      [400, 'context_length_exceeded'],
    ],
  ];
  test.each(cases)('%s has its status, whole and streamed', async (_, reply, expected) => {
    for (const stream of [false, true]) {
      door.provider.forget();
      door.provider.script(reply);
      const error = await thrownBy(door.openai.chat.completions.create({ ...request, stream }));
      expect([error.status, error.code], error.message).toEqual(expected);
      expect(error.message).toContain(modelName);
      expect(error.message).not.toContain('sk-of-the-provider');
      // The program tries again by itself, as long as it likes.
      expect(door.provider.requests).toHaveLength(1);
      const wait = Number(error.headers?.get('retry-after'));
      if (reply.retryAfter !== undefined) expect(wait).toBeGreaterThan(6);
    }
  });

  test('that is over with the client’s next try is none', async () => {
    door.provider.script({ status: 429, retryAfter: '1' }, { text: 'Now.' });
    const patient = door.openai.withOptions({ maxRetries: 2 });
    const answer = await patient.chat.completions.create(request);
    expect(answer.choices[0]?.message.content).toBe('Now.');
  });

  const inStream: [string, Reply][] = [
    ['a cut', { text: 'Half of it', cutAfter: 2 }],
    ['a broken connection', { text: 'Half of it', breakAfter: 2 }],
    ['an error', { text: 'Half of it', errorAfter: 2 }],
    ['no JSON', { text: 'Half of it', malformedAfter: 2 }],
  ];
  test.each(inStream)('in the middle of a stream (%s) is its last event', async (_, reply) => {
    door.provider.script(reply, reply);
    const error = await thrownBy(
      (async () => {
        for await (const _chunk of await door.openai.chat.completions.create({ ...request, stream: true }));
      })(),
    );
    expect(error.message).toMatch(/\w/);
    const answer = await door.app.fetch('/v1/chat/completions', { body: { ...request, stream: true } });
    const events = (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: '));
    expect(JSON.parse(events.at(-1)?.slice('data: '.length) ?? '')).toEqual({
      error: {
        message: expect.stringContaining(modelName),
        type: 'server_error',
        param: null,
        code: 'provider_unavailable',
      },
    });
    expect(events.filter((event) => event.includes('[DONE]'))).toEqual([]);
  });
});

describe('who may not', () => {
  test('without a key, or with one that is none', async () => {
    expect(told(await thrownBy(door.clientOf('sbk_none').models.list()))).toEqual([
      401,
      'invalid_request_error',
      null,
      'invalid_api_key',
    ]);
    expect(await refused(request, { token: '' })).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test('a model that is not there, or not seen', async () => {
    const error = await thrownBy(door.openai.chat.completions.create({ ...request, model: 'ghost' }));
    expect(told(error)).toEqual([404, 'invalid_request_error', 'model', 'model_not_found']);
    expect(error.message).toContain("'ghost'");
    expect((await thrownBy(door.openai.models.retrieve('no/such'))).status).toBe(404);
  });

  test('a key that is confined to servers or tools is told so', async () => {
    await door.app.json('/api/servers', { body: { name: 'files', command: 'node', enabled: false } });
    const bounds = [{ servers: ['files'] }, { tools: ['files/read'] }, { scopes: ['server.*'] }];
    for (const bound of bounds) {
      const { key } = await door.app.client().keys.create.mutate({ name: 'bound', ...bound });
      const client = door.clientOf(key);
      for (const ask of [() => client.models.list(), () => client.chat.completions.create(request)]) {
        const error = await thrownBy(ask());
        expect(told(error)).toEqual([403, 'permission_error', null, 'insufficient_permissions']);
        expect(error.message).toMatch(/This API key is confined to|permissions of this API key/);
      }
    }
    expect(door.provider.requests).toEqual([]);
  });

  test('a key that is confined to models sees and asks those', async () => {
    const { id, key } = await door.app.client().keys.create.mutate({ name: 'models' });
    await door.app.connection.run('update api_keys set resources = $1 where id = $2', [[`model:${modelName}`], id]);
    await door.app.client().keys.update.mutate({ id, callsPerMinute: null });
    const client = door.clientOf(key);
    expect((await client.models.list()).data.map((model) => model.id)).toEqual([modelName]);
    expect((await client.chat.completions.create(request)).choices[0]?.message.content).toBe('ok');
    expect((await thrownBy(client.chat.completions.create({ ...request, model: 'demo' }))).status).toBe(404);
  });

  test('whoever only looks', async () => {
    const viewer = await addPerson(door.app, 'looking', { role: 'viewer' });
    expect(await refused(request, { token: viewer.token })).toMatchObject({
      status: 403,
      message: expect.stringMatching(/^Viewers may look.*Needs the right model\.use\.$/),
    });
  });

  test('whose budget is spent: told until when, and that trying again does not help', async () => {
    const spender = await addPerson(door.app, 'spender');
    const insert = 'insert into model_budgets (id, user_id, period, measure, most) values ($1, $2, $3, $4, $5)';
    await door.app.connection.run(insert, ['b1', spender.id, 'day', 'tokens', 1]);
    const client = door.clientOf(spender.token).withOptions({ maxRetries: 2 });
    await client.chat.completions.create(request);
    const error = await thrownBy(client.chat.completions.create(request));
    expect(told(error)).toEqual([429, 'insufficient_quota', null, 'insufficient_quota']);
    expect(error.message).toMatch(/budget.*spent/);
    const wait = Number(error.headers?.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(86_400);
    expect(door.provider.requests).toHaveLength(1);
  });

  test('who has too many streams open; no model is asked for it', async () => {
    const { promise: held, resolve } = Promise.withResolvers<void>();
    door.provider.always(() => ({ text: 'Long.', holdEvents: held }));
    const person = await addPerson(door.app, 'streaming');
    const client = door.clientOf(person.token);
    const open = Array.from({ length: 4 }, () => client.chat.completions.create({ ...request, stream: true }));
    await expect.poll(() => door.provider.requests.length).toBe(4);
    const error = await thrownBy(client.chat.completions.create({ ...request, stream: true }));
    expect(told(error)).toEqual([429, 'rate_limit_error', null, 'rate_limit_exceeded']);
    expect(door.provider.requests).toHaveLength(4);
    resolve();
    for (const stream of await Promise.all(open)) for await (const _ of stream);
    // What ended is free again.
    for await (const _ of await client.chat.completions.create({ ...request, stream: true }));
  });

  test('whose key is revoked in the middle of a stream', async () => {
    door.provider.script({ text: 'On and on. ', endless: true });
    const { id, key } = await door.app.client().keys.create.mutate({ name: 'short' });
    const stream = await door.clientOf(key).chat.completions.create({ ...request, stream: true });
    let isRevoked = false;
    const error = await thrownBy(
      (async () => {
        for await (const _ of stream) {
          if (!isRevoked) await door.app.client().keys.revoke.mutate({ id });
          isRevoked = true;
        }
      })(),
    );
    expect(error.code).toBe('invalid_api_key');
    expect(await door.provider.requests[0]?.ended).toBe('left');
  });
});

describe('a body', () => {
  const deep: Json = JSON.parse('{"a":'.repeat(80) + '1' + '}'.repeat(80));
  const tool = { type: 'function', function: { name: 'f' } };
  const cases: [string, Json, string | null][] = [
    ['without anything', {}, 'model'],
    ['without messages', { model: modelName }, 'messages'],
    ['without a message', { ...request, messages: [] }, 'messages'],
    ['with too many messages', { ...request, messages: Array.from({ length: 4097 }, () => messages[0]) }, 'messages'],
    ['with an unknown role', { ...request, messages: [{ role: 'robot', content: 'x' }] }, 'messages.0.role'],
    ['with content of a wrong type', { ...request, messages: [{ role: 'user', content: 7 }] }, 'messages.0.content'],
    ['with a result of no call', { ...request, messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.tool_call_id'],
    ['with an unknown kind of tool', { ...request, tools: [{ type: 'custom' }] }, 'tools.0.type'],
    ['with too many tools', { ...request, tools: Array.from({ length: 513 }, () => tool) }, 'tools'],
    [
      'with a schema that is too deep',
      { ...request, tools: [{ type: 'function', function: { name: 'f', parameters: deep } }] },
      'tools.0.function.parameters.a',
    ],
    ['with an unknown field that is too deep', { ...request, odd: deep }, 'odd'],
    [
      'with too many unknown fields',
      { ...request, ...Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`f${at}`, 1])) },
      null,
    ],
    ['with a setting of a wrong type', { ...request, temperature: 'hot' }, 'temperature'],
    ['with too many answers', { ...request, n: 1000 }, 'n'],
    [
      'that brings tools and leaves some to the hub',
      { ...request, tools: [tool], mcp_servers: ['files'] },
      'mcp_servers',
    ],
    ['that asks for a stream in another way', { ...request, stream: 'yes' }, 'stream'],
  ];
  test.each(cases)('%s is refused at its field', async (_, body, param) => {
    const { status, ...error } = await refused(body);
    expect([status, error.param, error.code], error.message).toEqual([400, param, 'invalid_value']);
    expect(error.message).toMatch(/must|required|cannot/);
    expect(door.provider.requests).toEqual([]);
  });

  test('that is none is refused in the same shape', async () => {
    const json = { 'content-type': 'application/json' };
    const bodies: [string, Record<string, string>, number][] = [
      ['{"model":', json, 400],
      ['[]', json, 400],
      ['model=x', { 'content-type': 'text/plain' }, 415],
      [JSON.stringify({ ...request, padding: 'x'.repeat(300_000) }), json, 413],
      [`${'['.repeat(200)}${']'.repeat(200)}`, json, 400],
    ];
    for (const [body, headers, status] of bodies) expect((await refused(body, { headers })).status).toBe(status);
  });

  test('of null where nothing is meant is as good as none', async () => {
    const nothing = { temperature: null, tools: null, stream: null, stop: null, stream_options: null, n: null };
    const said = { role: 'assistant', content: 'x', refusal: null, tool_calls: null };
    const { status } = await door.app.json('/v1/chat/completions', {
      body: { ...request, ...nothing, messages: [...messages, said, ...messages] },
    });
    expect(status).toBe(200);
    expect(Object.keys(door.provider.requests[0]?.body ?? {}).sort()).toEqual(['messages', 'model', 'stream']);
  });
});

test('paths and methods that are not there are refused in the same shape', async () => {
  for (const [path, method, status] of [
    ['/v1/embeddings', 'POST', 404],
    ['/v1', 'GET', 404],
    ['/v1/chat/completions', 'GET', 405],
  ] as const) {
    const answer = await door.app.json(path, { method });
    expect([answer.status, Object.keys(answer.body.error)], path).toEqual([
      status,
      ['message', 'type', 'param', 'code'],
    ]);
  }
});

test('requests are counted, and each answer tells what is left', async () => {
  const { headers } = await door.app.json('/v1/models');
  const left = Number(headers.get('x-ratelimit-remaining'));
  const next = await door.app.json('/v1/models/ghost');
  expect(next.status).toBe(404);
  expect(Number(next.headers.get('x-ratelimit-remaining'))).toBeLessThanOrEqual(Math.max(left, 5000) - 1);
});
