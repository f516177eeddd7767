import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json } from '../../support/app.ts';
import { verifies } from '../verifies.ts';
import { model, openTalk, type Talk } from './talk.ts';

let talk: Talk;
beforeAll(async () => {
  talk = await openTalk();
});
afterAll(() => talk[Symbol.asyncDispose]());
beforeEach(async () => {
  talk.provider.forget();
  await talk.app.connection.run('delete from conversations', []);
});

const { text: hello, usage } = { text: '你好！', usage: { prompt: 600, completion: 400 } };
function textOf(events: readonly Json[]): string {
  return events.flatMap((event) => (event === '[DONE]' ? [] : [event.choices?.[0]?.delta?.content ?? ''])).join('');
}
function send(method: string, path: string, body?: Json) {
  return talk.app.json(`/chat/conversations/${path}`, { method, ...(body !== undefined && { body }) });
}
function curl(example: string) {
  return talk.app.curl(example, { 'http://localhost:8000': talk.app.url });
}

describe('a chat', () => {
  verifies(65, 'streams the chunks of the provider, and [DONE] last', async () => {
    talk.provider.script({ text: hello, usage });
    const events = await talk.stream();
    expect(events.at(-1)).toBe('[DONE]');
    expect(textOf(events)).toBe(hello);
    expect(events[0]).toMatchObject({ object: 'chat.completion.chunk' });
  });

  verifies(65, 'gives the whole answer where no stream is wanted', async () => {
    talk.provider.script({ text: hello, usage });
    const { status, body } = await talk.say({ system_prompt: 'Be brief.' });
    expect([status, body]).toEqual([
      200,
      {
        id: expect.stringMatching(/^chatcmpl-/),
        object: 'chat.completion',
        created: expect.any(Number),
        model,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: '你好' },
          { role: 'assistant', content: hello },
        ],
        output: hello,
        choices: [{ index: 0, message: { role: 'assistant', content: hello }, finish_reason: 'stop' }],
        usage: { total_tokens: 1000, prompt_tokens: 600, completion_tokens: 400 },
      },
    ]);
  });

  verifies(65, 'uses the tools of the named servers and sums what all turns used', async () => {
    const call = { name: 'structured', arguments: { n: 21 } };
    // Both servers have it: it is told apart by its server.
    talk.provider.script({ calls: [{ ...call, name: 'alpha__structured' }], usage }, { text: '42', usage });
    const events = await talk.stream({ mcp_servers: ['alpha', 'beta', 'nowhere'] });
    const result = events.find((event) => event !== '[DONE]' && event['role'] === 'tool');
    expect(result).toMatchObject({ role: 'tool', tool_call_id: expect.any(String) });
    expect(result['content']).toMatch(/^Tool structured succeeded:\n.*42/);
    const at = events.indexOf(result);
    expect(events[at - 1]).toMatchObject({ choices: [] });
    const [first, second] = talk.provider.requests.map(({ body }) => body as Json);
    const names = first?.['tools'].map((tool: Json) => tool['function'].name);
    expect(names).toEqual(expect.arrayContaining(['alpha__structured', 'beta__structured']));
    expect(second?.['messages'].map(({ role }: Json) => role)).toEqual(['user', 'assistant', 'tool']);
    talk.provider.script({ calls: [call], usage }, { text: '42', usage });
    const { body } = await talk.say({ mcp_servers: ['alpha'] });
    expect(body.messages.map(({ role }: Json) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect([body.output, body.usage.total_tokens]).toEqual(['42', 2000]);
  });

  verifies(65, 'refuses what is missing, then a model that is not there, before it begins', async () => {
    for (const body of [{ user_prompt: '  ' }, { user_prompt: undefined }, { model_name: '' }]) {
      const { status, body: answer } = await talk.app.json('/chat/completions', {
        body: { user_prompt: 'x', model_name: 'nothing', ...body },
      });
      expect([status, answer.detail]).toEqual([
        400,
        expect.stringMatching(/(user_prompt|model_name): must not be empty/),
      ]);
    }
    const absent = await talk.app.json('/api/chat/completions', { body: { user_prompt: 'x', model_name: 'nothing' } });
    expect([absent.status, absent.body]).toEqual([404, { detail: "Model 'nothing' does not exist." }]);
    const wrong = await talk.app.json('/chat/completions', { body: { user_prompt: 7, model_name: model } });
    expect([wrong.status, wrong.body.detail[0].loc]).toEqual([422, ['body', 'user_prompt']]);
    expect(talk.provider.requests).toHaveLength(0);
  });

  verifies(65, 'tells a failure in the stream, and [DONE] after it', async () => {
    talk.provider.script({ status: 400, body: { error: { message: 'No such thing' } } });
    const events = await talk.stream();
    expect(events).toEqual([
      { error: { message: expect.stringContaining('No such thing'), type: 'api_error' } },
      '[DONE]',
    ]);
    talk.provider.script({ text: 'Half of an answer', errorAfter: 3 });
    const broken = await talk.stream({ conversation_id: 'conv_broken' });
    expect(broken.slice(-2)).toEqual([{ error: { message: expect.any(String), type: 'api_error' } }, '[DONE]']);
    const { body } = await talk.app.json('/chat/conversations/conv_broken');
    expect(body.rounds[0].messages[1]).toMatchObject({ role: 'assistant', content: expect.stringMatching(/^Half/) });
  });

  verifies(65, 'keeps nothing where no conversation is named', async () => {
    talk.provider.script({ text: hello });
    await talk.stream();
    expect((await talk.app.json('/chat/conversations')).body).toEqual({ conversations: [], total_count: 0 });
  });
});

describe('conversations', () => {
  const title = { text: '<title>Greeting</title>' };

  async function begin(id = 'conv_123', user = '你好') {
    talk.provider.script({ text: hello, reasoning: 'They greet.', usage }, title);
    const { status } = await talk.say({ conversation_id: id, user_prompt: user });
    expect(status).toBe(200);
    await talk.titled(id);
    talk.provider.script();
  }

  verifies(66, 'lists what was said under a name, the newest first', async () => {
    await begin();
    await begin('conv_124');
    const { status, body } = await talk.app.json('/chat/conversations?user_id=default_user');
    expect(status).toBe(200);
    expect(body.total_count).toBe(2);
    expect(body.conversations.map(({ conversation_id: id }: Json) => id)).toEqual(['conv_124', 'conv_123']);
    expect(body.conversations[1]).toMatchObject({
      _id: 'conv_123',
      conversation_id: 'conv_123',
      type: 'chat',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      round_count: 1,
      total_token_usage: { total_tokens: 1000, prompt_tokens: 600, completion_tokens: 400 },
      status: 'active',
      tags: [],
    });
  });

  verifies(67, 'shows every round, and what is thought is not sent again', async () => {
    await begin();
    await begin('conv_123', 'And now?');
    const { body } = await talk.app.json('/api/chat/conversations/conv_123');
    const said = { role: 'assistant', content: hello, reasoning_content: 'They greet.' };
    expect(body).toMatchObject({ conversation_id: 'conv_123', generation_type: 'chat' });
    expect(body.rounds).toEqual([
      { round: 1, messages: [{ role: 'user', content: '你好' }, said] },
      { round: 2, messages: [{ role: 'user', content: 'And now?' }, said] },
    ]);
    const last = talk.provider.requests.findLast(({ body }) => JSON.stringify(body).includes('And now?'))?.body as Json;
    expect(last['messages']).toEqual([
      { role: 'user', content: '你好' },
      { role: 'assistant', content: hello },
      { role: 'user', content: 'And now?' },
    ]);
    const absent = await talk.app.json('/chat/conversations/ghost');
    expect([absent.status, absent.body]).toEqual([404, { detail: '对话不存在' }]);
  });

  verifies(68, 'are thrown away, and come back', async () => {
    await begin();
    const gone = await send('PUT', 'conv_123/status', { status: 'deleted', user_id: 'default_user' });
    expect([gone.status, gone.body]).toEqual([
      200,
      { status: 'success', message: '对话状态更新成功', conversation_id: 'conv_123', new_status: 'deleted' },
    ]);
    const { body } = await talk.app.json('/chat/conversations');
    expect(body.conversations[0].status).toBe('deleted');
    for (const status of ['favorite', 'active'])
      expect((await send('PUT', 'conv_123/status', { status })).status).toBe(200);
    expect((await send('PUT', 'conv_123/status', { status: 'odd' })).status).toBe(422);
    expect((await send('PUT', 'ghost/status', { status: 'active' })).status).toBe(404);
  });

  verifies(69, 'are deleted for good', async () => {
    await begin();
    const removed = await send('DELETE', 'conv_123/permanent?user_id=default_user');
    expect([removed.status, removed.body]).toEqual([
      200,
      { status: 'success', message: "对话 'conv_123' 已永久删除", conversation_id: 'conv_123' },
    ]);
    expect((await send('DELETE', 'conv_123/permanent')).status).toBe(404);
  });

  verifies(70, 'take another title, which no model changes', async () => {
    await begin();
    const titled = await send('PUT', 'conv_123/title', { title: ' 我的新对话 ', user_id: 'default_user' });
    expect([titled.status, titled.body]).toEqual([
      200,
      { status: 'success', message: '对话标题更新成功', conversation_id: 'conv_123', title: '我的新对话' },
    ]);
    expect((await send('PUT', 'conv_123/title', { title: '  ' })).status).toBe(400);
    expect((await send('PUT', 'conv_123/title', { title: 'x'.repeat(101) })).status).toBe(422);
    expect((await send('PUT', 'ghost/title', { title: 'x' })).status).toBe(404);
    // A favourite is renamed too.
    await send('PUT', 'conv_123/status', { status: 'favorite' });
    expect((await send('PUT', 'conv_123/title', { title: 'Again' })).status).toBe(200);
  });

  verifies(71, 'take tags', async () => {
    await begin();
    const tagged = await send('PUT', 'conv_123/tags', { tags: ['工作', '重要'], user_id: 'default_user' });
    expect([tagged.status, tagged.body]).toEqual([
      200,
      { status: 'success', message: '对话标签更新成功', conversation_id: 'conv_123', tags: ['工作', '重要'] },
    ]);
    for (const tags of [Array.from({ length: 11 }, (_, n) => `t${n}`), ['x'.repeat(21)], [''], 'no']) {
      expect((await send('PUT', 'conv_123/tags', { tags })).status).toBe(422);
    }
    expect((await send('PUT', 'ghost/tags', { tags: [] })).status).toBe(404);
  });

  const long = 'x'.repeat(3_000);
  async function beginWithTool() {
    const big = { name: 'big', arguments: { bytes: long.length } };
    talk.provider.script({ calls: [big], usage }, { text: 'It was long.', usage }, title);
    await talk.say({ conversation_id: 'conv_123', mcp_servers: ['alpha'] });
    await talk.titled('conv_123');
  }
  async function told() {
    talk.provider.script({ text: 'Yes.' });
    await talk.say({ conversation_id: 'conv_123', user_prompt: 'Still there?' });
    const asked = talk.provider.requests.findLast(({ body }) => JSON.stringify(body).includes('Still there?'));
    return asked?.body?.['messages'] as Json[];
  }

  verifies(72, 'are compacted to questions and answers', async () => {
    await beginWithTool();
    const { status, body } = await send('POST', 'conv_123/compact', {
      conversation_id: 'conv_123',
      model_name: model,
      user_id: 'default_user',
    });
    expect([status, body]).toEqual([
      200,
      {
        status: 'success',
        message: '对话压缩成功',
        conversation_id: 'conv_123',
        compact_type: 'brutal',
        statistics: {
          original_rounds: 1,
          original_messages: 4,
          compacted_rounds: 1,
          compacted_messages: 2,
          compression_ratio: 0.5,
          tool_contents_summarized: 0,
          original_tokens: expect.any(Number),
          compressed_tokens: expect.any(Number),
          reduction_rate: expect.stringMatching(/^\d+%$/),
        },
      },
    ]);
    expect((await told()).map(({ role, content }: Json) => [role, content])).toEqual([
      ['user', '你好'],
      ['assistant', 'It was long.'],
      ['user', 'Still there?'],
    ]);
    // Readers still have what was said.
    const { rounds } = (await talk.app.json('/chat/conversations/conv_123')).body;
    expect(rounds[0].messages).toHaveLength(4);
  });

  verifies(72, 'keep everything but long results, which are summarised', async () => {
    await beginWithTool();
    talk.provider.script({ text: 'Many x.' });
    const { body } = await send('POST', 'conv_123/compact', { model_name: model, compact_type: 'precise' });
    expect(body.statistics).toMatchObject({ original_messages: 4, compacted_messages: 4, tool_contents_summarized: 1 });
    const messages = await told();
    expect(messages[2]).toMatchObject({
      role: 'tool',
      content: expect.stringMatching(/^\[Summary of \d+ characters\]\nMany x\.$/),
    });
    await talk.app.client().conversations.undoCompaction.mutate({
      id: (await talk.app.client().conversations.list.query())[0]?.id ?? '',
    });
    expect((await told())[2].content).toContain(long);
  });

  verifies(72, 'are not compacted by what is wrong', async () => {
    await begin();
    const wanted: [Json, number][] = [
      [{ conversation_id: 'another', model_name: model }, 400],
      [{ model_name: 'ghost' }, 400],
      [{ model_name: model, compact_type: 'odd' }, 422],
      [{ model_name: model, compact_threshold: 99 }, 422],
    ];
    for (const [body, status] of wanted) {
      expect([body, (await send('POST', 'conv_123/compact', body)).status]).toEqual([body, status]);
    }
    expect((await send('POST', 'ghost/compact', { model_name: model })).status).toBe(404);
  });

  test('get a title and tags of the model, or the beginning of the answer', async () => {
    talk.provider.script({ text: hello }, { text: '<title>问候</title>\n<tags>问候, 中文</tags>' });
    await talk.say({ conversation_id: 'conv_titled' });
    await expect
      .poll(async () => (await talk.app.json('/chat/conversations/conv_titled')).body, { timeout: 60_000 })
      .toMatchObject({ title: '问候', tags: ['问候', '中文'] });
    talk.provider.script({ text: hello }, { status: 400, body: { error: { message: 'No' } } });
    await talk.say({ conversation_id: 'conv_untitled' });
    await expect
      .poll(async () => (await talk.app.json('/chat/conversations/conv_untitled')).body.title, { timeout: 60_000 })
      .toBe(hello);
  });

  test('belong to who is signed in, whatever name is given', async () => {
    await begin();
    const { id, username } = (await talk.app.client().account.get.query()) as { id: string; username: string };
    for (const name of [id, username]) {
      expect((await talk.app.json(`/chat/conversations?user_id=${name}`)).body.total_count).toBe(1);
    }
    const other = await talk.app.json('/chat/conversations?user_id=somebody');
    expect([other.status, other.body.detail]).toEqual([403, expect.stringContaining("'somebody' is somebody else")]);
  });
});

describe('the examples of the document', () => {
  verifies(65, 'work as written', async () => {
    talk.provider.script({ text: hello });
    const answer = await talk.app.fetch('/chat/completions', {
      body: { user_prompt: '你好', model_name: 'gpt-4', stream: true },
    });
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/);
    talk.provider.script({ text: hello });
    await talk.say({ conversation_id: 'conv_123' });
    await talk.titled('conv_123');
    expect(await curl('curl "http://localhost:8000/chat/conversations?user_id=default_user"')).toMatchObject({
      total_count: 1,
    });
    expect(await curl('curl "http://localhost:8000/chat/conversations/conv_123"')).toMatchObject({
      rounds: [{ round: 1 }],
    });
    const put = 'curl -X PUT http://localhost:8000/chat/conversations/conv_123';
    const json = '-H "Content-Type: application/json"';
    expect(await curl(`${put}/status ${json} -d '{ "status": "deleted", "user_id": "default_user" }'`)).toMatchObject({
      new_status: 'deleted',
    });
    expect(await curl(`${put}/title ${json} -d '{ "title": "我的新对话", "user_id": "default_user" }'`)).toMatchObject({
      title: '我的新对话',
    });
    expect(
      await curl(`${put}/tags ${json} -d '{ "tags": ["工作", "重要"], "user_id": "default_user" }'`),
    ).toMatchObject({
      tags: ['工作', '重要'],
    });
    const remove = '"http://localhost:8000/chat/conversations/conv_123/permanent?user_id=default_user"';
    expect(await curl(`curl -X DELETE ${remove}`)).toMatchObject({ status: 'success' });
  });
});
