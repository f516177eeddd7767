import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let app: CompatApp;
beforeAll(async () => {
  app = await createCompatApp();
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.connection.run('delete from models', []);
});

const gpt = { name: 'gpt-4', base_url: 'https://api.openai.com', api_key: 'sk-live-1234567890' };
const demo = { name: 'demo', base_url: '', api_key: '***', model: 'demo' };

async function add(more: Json = {}) {
  const { status, body } = await app.json('/models', { body: { ...gpt, ...more } });
  if (status !== 200) throw new Error(JSON.stringify(body));
}
function send(method: string, path: string, body?: Json) {
  return app.json(path, { method, ...(body !== undefined && { body }) });
}
async function storedKey(name: string): Promise<unknown> {
  const { rows } = await app.connection.run('select api_key from models where name = $1', [name]);
  return rows[0]?.['api_key'];
}

/** Runs an example of the document against this hub. */
function curl(example: string) {
  return app.curl(example, { 'http://localhost:8000': app.url });
}

describe.each(['', '/api'])('below %j', (prefix) => {
  verifies(97, 'lists name, address and a masked key', async () => {
    await add();
    const { status, body } = await app.json(`${prefix}/models`);
    expect([status, body]).toEqual([200, [demo, { ...gpt, api_key: '***', model: 'gpt-4' }]]);
  });

  verifies(98, 'shows one model, without its key', async () => {
    await add({ temperature: 0.3, extra_headers: { 'x-org': 'mine' }, timeout: 90, note: 'kept' });
    const { status, body } = await app.json(`${prefix}/models/gpt-4`);
    expect([status, body]).toEqual([
      200,
      {
        status: 'success',
        data: {
          ...gpt,
          api_key: '***',
          model: 'gpt-4',
          protocol: 'openai',
          temperature: 0.3,
          extra_headers: { 'x-org': '***' },
          timeout: 90,
          note: 'kept',
        },
      },
    ]);
    const absent = await app.json(`${prefix}/models/ghost`);
    expect([absent.status, absent.body]).toEqual([404, { detail: '模型不存在' }]);
  });

  verifies(99, 'adds a model, once', async () => {
    const body = { name: 'claude-3', base_url: 'https://api.anthropic.com', api_key: 'sk-...' };
    const added = await send('POST', `${prefix}/models`, body);
    expect([added.status, added.body]).toEqual([200, { status: 'success', message: "模型 'claude-3' 添加成功" }]);
    expect((await app.json('/models/claude-3')).body.data).toMatchObject({ protocol: 'anthropic', model: 'claude-3' });
    const again = await send('POST', `${prefix}/models`, body);
    expect([again.status, again.body]).toEqual([400, { detail: '模型已存在' }]);
  });

  verifies(100, 'changes what is given, and takes another name', async () => {
    await add({ temperature: 0.3 });
    await add({ name: 'taken' });
    const taken = await send('PUT', `${prefix}/models/gpt-4`, { ...gpt, name: 'taken' });
    expect([taken.status, taken.body]).toEqual([400, { detail: '新名称已存在' }]);
    const body = { name: 'gpt-4-updated', base_url: 'https://api.openai.com/v2', api_key: 'sk-...' };
    const changed = await send('PUT', `${prefix}/models/gpt-4`, body);
    expect([changed.status, changed.body]).toEqual([200, { status: 'success', message: "模型 'gpt-4' 更新成功" }]);
    // What its provider calls it stays.
    const { data } = (await app.json('/models/gpt-4-updated')).body;
    expect(data).toMatchObject({ base_url: body.base_url, model: 'gpt-4', temperature: 0.3 });
    const absent = await send('PUT', `${prefix}/models/gpt-4`, body);
    expect([absent.status, absent.body]).toEqual([404, { detail: '模型不存在' }]);
  });

  verifies(101, 'deletes a model', async () => {
    await add();
    const removed = await send('DELETE', `${prefix}/models/gpt-4`);
    expect([removed.status, removed.body]).toEqual([200, { status: 'success', message: "模型 'gpt-4' 删除成功" }]);
    const absent = await send('DELETE', `${prefix}/models/gpt-4`);
    expect([absent.status, absent.body]).toEqual([404, { detail: '模型不存在' }]);
  });
});

describe('the examples of the document', () => {
  verifies(97, 'work as written', async () => {
    await add();
    expect(await curl('curl "http://localhost:8000/models"')).toEqual([
      demo,
      { name: 'gpt-4', base_url: 'https://api.openai.com', api_key: '***', model: 'gpt-4' },
    ]);
    expect(await curl('curl "http://localhost:8000/models/gpt-4"')).toMatchObject({ status: 'success' });
    const added = await curl(`curl -X POST http://localhost:8000/models \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "claude-3",
    "base_url": "https://api.anthropic.com",
    "api_key": "sk-..."
  }'`);
    expect(added).toEqual({ status: 'success', message: "模型 'claude-3' 添加成功" });
    const changed = await curl(`curl -X PUT http://localhost:8000/models/gpt-4 \\
  -H "Content-Type: application/json" \\
  -d '{
    "name": "gpt-4-updated",
    "base_url": "https://api.openai.com/v2",
    "api_key": "sk-..."
  }'`);
    expect(changed).toEqual({ status: 'success', message: "模型 'gpt-4' 更新成功" });
    expect(await curl('curl -X DELETE "http://localhost:8000/models/gpt-4-updated"')).toMatchObject({
      status: 'success',
    });
  });
});

describe('a name with slashes', () => {
  verifies(98, 'stands in the path as it is, or encoded', async () => {
    const name = 'Qwen/Qwen3-8B:free';
    await add({ name });
    for (const path of [`/models/${name}`, `/models/${encodeURIComponent(name)}`, `/api/models/${name}`]) {
      expect((await app.json(path)).body.data?.name, path).toBe(name);
    }
    expect((await send('PUT', `/models/${name}`, { top_p: 0.5 })).status).toBe(200);
    expect((await send('DELETE', `/api/models/${encodeURIComponent(name)}`)).body.message).toBe(
      `模型 '${name}' 删除成功`,
    );
    expect((await app.json('/models/')).status).toBe(200);
    expect((await app.json('/models/%20')).body).toEqual({ detail: '模型不存在' });
  });
});

describe('a key', () => {
  verifies(100, 'is kept where it comes back masked or empty, as a form sends it', async () => {
    await add();
    const before = await storedKey('gpt-4');
    const { data } = (await app.json('/models/gpt-4')).body;
    for (const api_key of ['***', '']) {
      expect((await send('PUT', '/models/gpt-4', { ...data, api_key })).status).toBe(200);
      expect(await storedKey('gpt-4')).toBe(before);
    }
    await send('PUT', '/models/gpt-4', { ...data, api_key: 'sk-another-1234567890' });
    expect(await storedKey('gpt-4')).not.toBe(before);
  });

  verifies(99, 'need not be there, and a mask is none', async () => {
    await add({ name: 'local', api_key: '' });
    const { data } = (await app.json('/models/local')).body;
    expect(data.api_key).toBe('');
    expect((await send('PUT', '/models/local', data)).status).toBe(200);
    const masked = await send('POST', '/models', { ...gpt, api_key: '***' });
    expect(masked.status).toBe(422);
  });
});

describe('wrong input', () => {
  verifies(99, 'is answered field by field', async () => {
    const cases: [Json, string, RegExp][] = [
      [{ ...gpt, name: undefined }, 'name', /required/],
      [{ ...gpt, base_url: undefined }, 'base_url', /required/],
      [{ ...gpt, base_url: 'ftp://x' }, 'base_url', /http/],
      [{ ...gpt, base_url: 'https://u:p@host' }, 'base_url', /user name/],
      [{ ...gpt, name: 'a//b' }, 'name', /empty part/],
      [{ ...gpt, temperature: 2.5 }, 'temperature', /at most 2/],
      [{ ...gpt, top_logprobs: 21 }, 'top_logprobs', /at most 20/],
      [{ ...gpt, n: 0 }, 'n', /at least 1/],
      [{ ...gpt, extra_body: [] }, 'extra_body', /object/],
      [{ ...gpt, timeout: 0 }, 'timeout', /at least/],
    ];
    for (const [body, field, message] of cases) {
      const answer = await send('POST', '/models', body);
      expect([answer.status, answer.body.detail?.[0]?.loc], JSON.stringify(body)).toEqual([422, ['body', field]]);
      expect(answer.body.detail[0].msg).toMatch(message);
    }
    expect((await app.json('/models')).body).toEqual([demo]);
  });

  verifies(99, 'too large or too deep among further keys is refused', async () => {
    const deep: Json = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
    for (const more of [{ note: 'x'.repeat(70_000) }, { note: deep }]) {
      expect((await send('POST', '/models', { ...gpt, ...more })).status).toBe(422);
    }
    expect((await send('POST', '/models', { ...gpt, ['__proto__']: { a: 1 }, constructor: 'x' })).status).toBe(200);
  });
});

describe('the built-in model', () => {
  verifies(101, 'is neither taken, changed nor deleted', async () => {
    expect((await send('POST', '/models', { ...gpt, name: 'demo' })).body).toEqual({ detail: '模型已存在' });
    for (const [method, body] of [
      ['PUT', gpt],
      ['DELETE', undefined],
    ] as const) {
      const { status, body: told } = await send(method, '/models/demo', body);
      expect([status, told.detail]).toEqual([403, expect.stringContaining('built in')]);
    }
    const stranger = await addPerson(app, `stranger${Date.now()}`);
    expect((await stranger.json('/models')).body).toEqual([demo]);
    expect((await stranger.json('/models/demo')).body.data).toMatchObject({ name: 'demo', protocol: 'demo' });
  });
});

test('what frameworks answer has this API’s shape, and documents say 405 with the methods', async () => {
  const anonymous = await app.json('/models', { auth: false });
  expect([anonymous.status, anonymous.body]).toEqual([401, { detail: 'Not authenticated' }]);
  const wrong = await send('POST', '/models/gpt-4', {});
  expect([wrong.status, wrong.body]).toEqual([405, { detail: 'Method Not Allowed' }]);
});
