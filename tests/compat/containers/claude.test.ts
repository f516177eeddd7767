import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptedProvider, startProvider } from '@switchboard/agents/testing';
import { removeModel } from '@switchboard/core/models';
import type { CreateModel } from '@switchboard/core/models/schema';
import { tables } from '@switchboard/db';
import type { Json, TestApp } from '../../support/app.ts';
import { addClaude, documentedQuestion } from '../../support/claude.ts';
import { addPerson } from '../../support/people.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let provider: ScriptedProvider;
let app: CompatApp;
beforeAll(async () => {
  provider = await startProvider();
  app = await createCompatApp({ DOCKER_HOST: 'unix:///nowhere.sock' });
});
afterAll(async () => {
  await app.stop();
  await provider[Symbol.asyncDispose]();
});

const made: [TestApp, string][] = [];
/** A model that the scripted provider answers for, gone after the test. */
async function addModel(name: string, more: Partial<CreateModel> = {}, at: TestApp = app): Promise<void> {
  await addClaude(at, provider.url, name, more);
  made.push([at, name]);
}
afterEach(async () => {
  provider.forget();
  for (const [at, id] of made.splice(0)) await removeModel(at.core.ctxFor({ type: 'local' }), { id });
});

function ask(body: Json) {
  return app.json('/api/claude/chat', { body });
}
function sent(): Json {
  return provider.requests.at(-1)?.body;
}

verifies(14, 'without a model is unavailable, in the documented fields', async () => {
  const { status, body } = await app.json('/api/claude/config');
  expect([status, body]).toEqual([
    200,
    { available_models: [], default_model: '', max_tokens_limit: 4096, api_status: 'unavailable' },
  ]);
  expect((await app.json('/api/claude/config', { auth: false })).status).toBe(401);
});

verifies(14, 'names the models that the caller may use, the oldest as the default', async () => {
  await addModel('claude-sonnet-4-5');
  await addModel('claude-opus-4-1');
  await addModel('of-another-kind', { protocol: 'openai' });
  await addModel('claude-for-admins', { visibility: 'private' });
  const { body } = await app.json('/api/claude/config');
  expect(body).toEqual({
    available_models: ['claude-sonnet-4-5', 'claude-opus-4-1', 'claude-for-admins'],
    default_model: 'claude-sonnet-4-5',
    max_tokens_limit: 4096,
    api_status: 'available',
  });
  const person = await addPerson(app, 'asks-for-config');
  expect((await person.json('/api/claude/config')).body.available_models).toEqual([
    'claude-sonnet-4-5',
    'claude-opus-4-1',
  ]);
  const viewer = await addPerson(app, 'only-looks', { role: 'viewer' });
  expect((await viewer.json('/api/claude/config')).body.api_status).toBe('unavailable');
});

verifies(15, 'answers the documented body, with what it asks for', async () => {
  await addModel('claude-sonnet-4-5');
  provider.script({ text: '先写一个 Dockerfile。' });
  const { status, body } = await ask(documentedQuestion);
  expect([status, body]).toEqual([
    200,
    { completion: '先写一个 Dockerfile。', stop_reason: 'end_turn', model: 'claude-sonnet-4-5' },
  ]);
  expect(sent()).toMatchObject({
    model: 'claude-sonnet-4-5',
    max_tokens: 1000,
    temperature: 0.7,
    top_k: 40,
  });
  expect(JSON.stringify(sent().messages)).toContain('用户提问内容');
});

verifies(15, 'answers the documented curl, whose model is retired', async () => {
  await addModel('claude-haiku-4-5');
  await addModel('big', { model: 'claude-opus-4-1' });
  const body = await app.curl(
    `curl -X POST http://localhost:5000/api/claude/chat \\
  -H "Authorization: Bearer YOUR_ACCESS_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{
    "prompt": "如何使用Docker部署一个简单的Web应用？",
    "model": "claude-3-opus-20240229",
    "max_tokens_to_sample": 1000,
    "temperature": 0.7
  }'`,
    { 'http://localhost:5000': app.url, YOUR_ACCESS_TOKEN: app.token },
  );
  expect(body).toEqual({ completion: 'ok', stop_reason: 'end_turn', model: 'big' });
  expect(sent().model).toBe('claude-opus-4-1');
});

verifies(15, 'a name that is not offered means the default, a retired one its family, others themselves', async () => {
  await addModel('claude-haiku-4-5');
  await addModel('claude-sonnet-4-5');
  await addModel('hidden', { protocol: 'openai' });
  const names = [
    [undefined, 'claude-haiku-4-5'],
    ['', 'claude-haiku-4-5'],
    ['gpt-4o', 'claude-haiku-4-5'],
    ['hidden', 'claude-haiku-4-5'],
    ['claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['claude-3-sonnet-20240229', 'claude-sonnet-4-5'],
    // No model of its family is there.
    ['claude-3-opus-20240229', 'claude-haiku-4-5'],
  ];
  for (const [model, used] of names) {
    const { body } = await ask({ prompt: 'Hi', model });
    expect([model, body.model, sent().model]).toEqual([model, used, used]);
  }
});

verifies(15, 'sends top_p and top_k only where they are given, and 0.7 only where nothing is', async () => {
  await addModel('claude-sonnet-4-5');
  const { temperature, top_p: topP, top_k: topK, ...rest } = documentedQuestion;
  async function sampled(more: Json) {
    await ask({ ...rest, ...more });
    return [sent().temperature, sent().top_p, sent().top_k];
  }
  expect(await sampled({})).toEqual([0.7, undefined, undefined]);
  expect(await sampled({ temperature: 0.2 })).toEqual([0.2, undefined, undefined]);
  expect(await sampled({ top_p: topP })).toEqual([undefined, topP, undefined]);
  expect(await sampled({ top_k: topK, temperature })).toEqual([temperature, undefined, topK]);
  expect(await sampled({ temperature: null, top_p: null, top_k: null, model: null })).toEqual([
    0.7,
    undefined,
    undefined,
  ]);
});

verifies(15, 'asks for no more than the limit, and tells why an answer ended', async () => {
  await addModel('claude-sonnet-4-5');
  provider.script({ text: 'cut', finish: 'length' }, { text: '', finish: 'content_filter' });
  const long = await ask({ prompt: 'Hi', max_tokens_to_sample: 100_000 });
  expect([long.body.stop_reason, sent().max_tokens]).toEqual(['max_tokens', 4096]);
  expect((await ask({ prompt: 'Hi' })).body.stop_reason).toBe('refusal');
});

describe('a refusal', () => {
  test('of who is not signed in, or only looks', async () => {
    await addModel('claude-sonnet-4-5');
    const anonymous = await app.json('/api/claude/chat', { body: documentedQuestion, auth: false });
    expect([anonymous.status, anonymous.body, anonymous.headers.get('www-authenticate')]).toEqual([
      401,
      { detail: 'Not authenticated' },
      'Bearer',
    ]);
    const viewer = await addPerson(app, 'views', { role: 'viewer' });
    const looking = await viewer.json('/api/claude/chat', { body: documentedQuestion });
    expect([looking.status, looking.body.detail]).toEqual([403, expect.stringContaining('model.use')]);
    expect(provider.requests).toEqual([]);
  });

  verifies(15, 'of a field names it', async () => {
    const wrong: [Json, string][] = [
      [{ prompt: undefined }, 'prompt'],
      [{ prompt: '' }, 'prompt'],
      [{ prompt: 5 }, 'prompt'],
      [{ model: 5 }, 'model'],
      [{ max_tokens_to_sample: 0 }, 'max_tokens_to_sample'],
      [{ max_tokens_to_sample: 1.5 }, 'max_tokens_to_sample'],
      [{ temperature: 1.1 }, 'temperature'],
      [{ top_p: -0.1 }, 'top_p'],
      [{ top_k: 'many' }, 'top_k'],
      [{ docker_context: 'maybe' }, 'docker_context'],
    ];
    for (const [more, field] of wrong) {
      const { status, body } = await ask({ ...documentedQuestion, ...more });
      expect([more, status, body.detail[0].loc]).toEqual([more, 422, ['body', field]]);
    }
    const headers = { 'content-type': 'application/json' };
    const malformed = await app.json('/api/claude/chat', { method: 'POST', headers, body: '{"prompt": ' });
    expect([malformed.status, malformed.body.detail[0].type]).toEqual([422, 'json_invalid']);
  });

  verifies(15, 'where there is no model is 500 and says what would be right', async () => {
    const { status, body } = await ask(documentedQuestion);
    expect([status, body.detail]).toEqual([500, expect.stringContaining('ANTHROPIC_API_KEY')]);
  });

  verifies(15, 'of the provider is 429, 503 or 500', async () => {
    await addModel('claude-sonnet-4-5');
    const busy = { status: 429, retryAfter: '0' };
    provider.script(busy, busy, { ...busy, retryAfter: '7' });
    const limited = await ask({ prompt: 'Hi' });
    expect([limited.status, typeof limited.body.detail, limited.headers.get('retry-after')]).toEqual([
      429,
      'string',
      '7',
    ]);
    provider.always(() => ({ status: 529, retryAfter: '0' }));
    expect((await ask({ prompt: 'Hi' })).status).toBe(503);
    for (const status of [400, 401, 404]) {
      provider.always(() => ({ status }));
      const refused = await ask({ prompt: 'Hi' });
      expect([status, refused.status, refused.body.detail]).toEqual([
        status,
        500,
        expect.stringContaining(`${status}`),
      ]);
    }
    provider.always(() => ({ text: 'half', cutAfter: 2 }));
    expect((await ask({ prompt: 'Hi' })).status).toBe(500);
  });

  verifies(15, 'of a provider that is not there is 503, without its key', async () => {
    await addModel('claude-sonnet-4-5', { baseUrl: 'http://127.0.0.1:9' });
    const { status, body } = await ask({ prompt: 'Hi' });
    expect([status, body.detail]).toEqual([503, expect.not.stringContaining('sk-1234567890')]);
  });

  verifies(15, 'of a budget that is spent is 429, and what was used counts', async () => {
    await addModel('claude-sonnet-4-5');
    const person = await addPerson(app, 'spends');
    const budget = { id: 'one', userId: person.id, period: 'day', measure: 'tokens', most: 1 } as const;
    await app.core.deps.db.insert(tables.modelBudgets).values(budget);
    expect((await person.json('/api/claude/chat', { body: { prompt: 'Hi' } })).status).toBe(200);
    const spent = await person.json('/api/claude/chat', { body: { prompt: 'Hi' } });
    expect([spent.status, spent.body.detail]).toEqual([429, expect.stringContaining('budget')]);
    const turns = await app.core.deps.db.select().from(tables.modelTurns);
    expect(turns.filter(({ userId }) => userId === person.id).map(({ way, outcome }) => [way, outcome])).toEqual([
      ['claude', 'ok'],
    ]);
  });
});

verifies(14, 'offers what the settings name, in their order and up to their limit', async () => {
  await using other = await createCompatApp({
    CLAUDE_MODELS: 'second, absent, DEMO',
    CLAUDE_MAX_TOKENS: '50',
    CLAUDE_DOCKER_CONTEXT: 'false',
    DOCKER_HOST: 'unix:///nowhere.sock',
  });
  await addModel('first', {}, other);
  await addModel('second', { protocol: 'openai' }, other);
  const { body } = await other.json('/api/claude/config');
  expect(body).toMatchObject({ available_models: ['second', 'demo'], default_model: 'second', max_tokens_limit: 50 });
  const chat = await other.json('/api/claude/chat', { body: { prompt: 'Hi', model: 'first' } });
  expect(chat.body.model).toBe('second');
  expect(sent()).toMatchObject({ max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] });
  const demo = await other.json('/api/claude/chat', { body: { prompt: 'Hi', model: 'demo' } });
  expect([demo.status, demo.body.model]).toEqual([200, 'demo']);
  made.length = 0;
});
