import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '@switchboard/agents/testing';
import type { Json } from '../../support/app.ts';
import { verifies } from '../verifies.ts';
import { model, openTalk, type Talk } from './talk.ts';

let talk: Talk;
/** What the model says next; titles of conversations are asked for beside. */
let replies: Reply[];
beforeAll(async () => {
  talk = await openTalk();
});
afterAll(() => talk[Symbol.asyncDispose]());
beforeEach(async () => {
  talk.provider.forget();
  replies = [];
  talk.provider.always((request) =>
    isOfTitle(request.body)
      ? { text: '<title>Named</title>' }
      : (replies.shift() ?? { text: 'I have nothing to say.' }),
  );
  await talk.app.connection.run('delete from conversations', []);
  await talk.app.connection.run('delete from graphs', []);
});

function isOfTitle(body: Json): boolean {
  return String(body?.messages?.[0]?.content).startsWith('Give the conversation below a title');
}
/** What the model was asked, titles left out. */
function asked(): Json[] {
  return talk.provider.requests.map(({ body }): Json => body).filter((body) => !isOfTitle(body));
}
function curl(example: string) {
  return talk.app.curl(example, { 'http://localhost:8000': talk.app.url });
}
async function events(body: Json, path = '/graphs/generate'): Promise<Json[]> {
  const response = await talk.app.fetch(path, { body: { model_name: model, ...body } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)));
}
function textOf(told: readonly Json[]): string {
  return told.map((event) => event.choices?.[0]?.delta?.content ?? '').join('');
}
const end = '<end>END</end>';
function node(more: Json): string {
  return `<node>${JSON.stringify({ model_name: model, ...more })}</node>`;
}
const thoughts = '<analysis>读数据，再总结。</analysis>\n<todo>两个节点</todo>';
const named = '<graph_name>data_flow</graph_name><graph_description>分析数据</graph_description>';
const nodes = [
  node({ name: 'read', system_prompt: 'You read.', input_nodes: ['start'], output_nodes: ['sum'] }),
  node({ name: 'sum', system_prompt: 'You sum up.', input_nodes: ['read'], output_nodes: ['end'] }),
];
const whole = `${thoughts}\n${named}\n${nodes.join('\n')}\n<end_template>结果：{sum}</end_template>`;

describe('the templates', () => {
  verifies(81, 'fills in the models and tools that the caller may use', async () => {
    // Servers that start take their time.
    await expect
      .poll(async () => (await talk.app.json('/prompt-template')).body.prompt, { timeout: 60_000 })
      .toMatch(/\n- beta\n {2}- \w+/);
    const { prompt } = await curl('curl "http://localhost:8000/prompt-template"');
    expect(prompt).toContain(`\n- ${model}`);
    expect(prompt).toMatch(/\n- alpha\n {2}- \w+/);
    expect(prompt).toContain('<delete_node>');
    expect(prompt).not.toMatch(/\{[A-Z_]+\}/);
    expect((await talk.app.json('/api/prompt-template')).body.prompt).toBe(prompt);
  });

  verifies(82, 'leaves the place of a graph open, or fills it', async () => {
    const open = (await talk.app.json('/optimize-prompt-template')).body;
    expect(open).toMatchObject({ has_graph_config: 'False', prompt: expect.stringContaining('{GRAPH_CONFIG}') });
    const missing = await talk.app.json('/optimize-prompt-template?graph_name=my_graph');
    expect(missing).toMatchObject({ status: 404, body: { detail: expect.stringContaining('my_graph') } });
    await talk.app.json('/graphs', { body: { name: 'my_graph', nodes: [{ name: 'only', model_name: model }] } });
    const filled = await curl('curl "http://localhost:8000/optimize-prompt-template?graph_name=my_graph"');
    expect(filled).toMatchObject({ has_graph_config: 'True', graph_name: 'my_graph' });
    expect(filled.prompt).toContain('"name": "only"');
    expect(filled.prompt).not.toContain('{GRAPH_CONFIG}');
  });

  verifies(92, 'gives the template of the tool generator', async () => {
    const told = await curl('curl "http://localhost:8000/mcp/ai-generator-template"');
    expect(told.note).toBe('将模板中的需求描述替换为您的具体需求后使用');
    expect(told.template).toMatch(/<script_file name="main\.(py|mjs)">/);
    expect((await talk.app.json('/api/mcp/ai-generator-template')).body).toEqual(told);
  });
});

describe('a dialogue', () => {
  verifies(83, 'streams what the model says, and its end stores a graph that runs', async () => {
    replies = [
      { text: thoughts },
      { text: `${named}\n${nodes[0]}` },
      { text: `${nodes[1]}<end_template></end_template>` },
    ];
    const first = await events({ requirement: '创建一个数据分析流程' });
    expect(first[0]).toEqual({
      type: 'conversation_created',
      conversation_id: expect.stringMatching(/^gen_[0-9a-f]{16}$/),
    });
    expect(first.at(-1)).toBe('[DONE]');
    expect(first.slice(1, -1).every((event) => event.object === 'chat.completion.chunk')).toBe(true);
    expect(textOf(first)).toBe(thoughts);
    const { conversation_id: conversation } = first[0];
    const early = await events({ requirement: end, conversation_id: conversation });
    expect(early).toEqual([
      {
        conversation_id: conversation,
        incomplete: {
          message: expect.stringContaining('graph_name'),
          missing_fields: ['graph_name', 'graph_description', 'nodes', 'end_template'],
        },
      },
      '[DONE]',
    ]);
    const second = await events({ requirement: '继续', conversation_id: conversation });
    expect(second.some((event) => event.type === 'conversation_created')).toBe(false);
    await events({ requirement: '继续', conversation_id: conversation });
    const done = await events({ requirement: ` ${end}\n`, conversation_id: conversation });
    expect(done).toEqual([
      {
        conversation_id: conversation,
        completion: { graph_name: 'data_flow', message: expect.stringContaining('data_flow') },
      },
      '[DONE]',
    ]);
    const graph = (await talk.app.json('/graphs/data_flow')).body;
    expect(graph.nodes.map((each: Json) => [each.name, each.level])).toEqual([
      ['read', 0],
      ['sum', 1],
    ]);
    replies = [{ text: 'Read.' }, { text: 'Summed up.' }];
    const run = await events({ graph_name: 'data_flow', input_text: 'x' }, '/graphs/execute');
    expect(run.find((event) => event.type === 'graph_complete')).toMatchObject({ final_result: 'Summed up.' });
  });

  verifies(83, 'tells the model first what it makes and of what, then all that was said', async () => {
    replies = [{ text: thoughts }, { text: named }];
    const [{ conversation_id: conversation }] = await events({ requirement: '一' });
    await events({ requirement: '二', conversation_id: conversation });
    const { prompt } = (await talk.app.json('/prompt-template')).body;
    expect(asked().map(({ messages }) => messages)).toEqual([
      [
        { role: 'system', content: prompt },
        { role: 'user', content: '一' },
      ],
      [
        { role: 'system', content: prompt },
        { role: 'user', content: '一' },
        { role: 'assistant', content: thoughts },
        { role: 'user', content: '二' },
      ],
    ]);
    const ways = await talk.app.connection.run('select distinct way from model_turns where ended_at is not null', []);
    expect(ways.rows).toContainEqual({ way: 'generation' });
  });

  verifies(83, 'takes the curl line and the body of the document, whose id it has never seen', async () => {
    replies = [{ text: whole }, { text: 'More.' }];
    const told = await talk.app.curlText(
      `curl -X POST http://localhost:8000/graphs/generate \\
      -H "Content-Type: application/json" \\
      -d '{
        "requirement": "创建一个数据分析流程",
        "model_name": "gpt-4"
      }'`,
      { 'http://localhost:8000': talk.app.url },
    );
    expect(told).toMatch(/^: open\n\ndata: \{"type":"conversation_created","conversation_id":"gen_[0-9a-f]{16}"\}\n\n/);
    expect(told).toMatch(/\n\ndata: \[DONE\]\n\n$/);
    const body = { requirement: '用户需求描述', model_name: model, conversation_id: 'conv_123' };
    expect((await events(body))[0]).toEqual({ type: 'conversation_created', conversation_id: 'conv_123' });
    expect((await events({ ...body, requirement: end }, '/api/graphs/generate'))[0]).toHaveProperty('incomplete');
  });

  verifies(83, 'refuses a blank requirement, then a blank model, and models that are not there', async () => {
    async function refused(body: Json) {
      const answer = await talk.app.json('/graphs/generate', { body });
      return [answer.status, answer.body.detail];
    }
    expect(await refused({ requirement: ' ', model_name: '' })).toEqual([400, expect.stringMatching(/^requirement: /)]);
    expect(await refused({ requirement: 'x', model_name: ' ' })).toEqual([400, expect.stringMatching(/^model_name: /)]);
    expect(await refused({ model_name: model })).toEqual([400, expect.stringMatching(/^requirement: /)]);
    expect(await refused({ requirement: 'x', model_name: 'ghost' })).toEqual([404, expect.stringContaining('ghost')]);
    expect(await refused({ requirement: 'x', model_name: model, graph_name: 'ghost' })).toEqual([
      404,
      expect.stringContaining('ghost'),
    ]);
    expect((await refused({ requirement: 7, model_name: model }))[0]).toBe(422);
    expect(asked()).toEqual([]);
  });

  verifies(67, 'shows a dialogue with what it came to so far', async () => {
    replies = [{ text: `${whole}<node>{"name": "bad", }</node>` }];
    await events({ requirement: '创建', conversation_id: 'c' });
    await talk.titled('c');
    expect((await talk.app.json('/chat/conversations/c')).body).toMatchObject({
      conversation_id: 'c',
      type: 'agent',
      generation_type: 'graph',
      title: 'Named',
      rounds: [{ round: 1, messages: [{ role: 'user', content: '创建' }, { role: 'assistant' }] }],
      parsed_results: {
        analysis: '读数据，再总结。',
        todo: '两个节点',
        graph_name: 'data_flow',
        graph_description: '分析数据',
        nodes: [{ name: 'read' }, { name: 'sum' }],
        end_template: '结果：{sum}',
        problems: [{ tag: 'node', name: null, reason: expect.stringMatching(/^It is no JSON: /) }],
      },
    });
  });

  verifies(66, 'lists dialogues beside chats, each as what it is', async () => {
    replies = [{ text: 'Hi.' }, { text: 'Hello.' }];
    await events({ requirement: 'x', conversation_id: 'made' });
    await talk.say({ conversation_id: 'said' });
    const { conversations } = (await talk.app.json('/chat/conversations')).body;
    expect(conversations.map((each: Json) => [each.conversation_id, each.type, each.generation_type])).toEqual([
      ['said', 'chat', 'chat'],
      ['made', 'agent', 'graph'],
    ]);
  });

  verifies(83, 'gives the whole answer as JSON where no stream is wanted', async () => {
    replies = [{ text: whole }];
    const said = { requirement: 'x', model_name: model, stream: false };
    const { status, body } = await talk.app.json('/graphs/generate', { body: said });
    expect([status, body]).toEqual([
      200,
      {
        conversation_id: expect.stringMatching(/^gen_/),
        output: whole,
        parsed_results: expect.objectContaining({ graph_name: 'data_flow' }),
      },
    ]);
    const finish = { ...said, requirement: end, conversation_id: body.conversation_id };
    expect((await talk.app.json('/graphs/generate', { body: finish })).body.completion.graph_name).toBe('data_flow');
    expect((await talk.app.json('/graphs/generate', { body: { ...finish, conversation_id: 'ghost' } })).status).toBe(
      404,
    );
  });
});

describe('what the model got wrong', () => {
  verifies(83, 'is told to it, and keeps the graph from being stored until it is mended', async () => {
    replies = [
      { text: `${whole}<node>{"name": "late", }</node>` },
      { text: node({ name: 'late', input_nodes: ['sum'] }) },
    ];
    const [{ conversation_id: conversation }] = await events({ requirement: 'x' });
    const [early] = await events({ requirement: end, conversation_id: conversation });
    expect(early.incomplete).toEqual({ message: expect.stringContaining('no JSON'), missing_fields: ['nodes'] });
    await events({ requirement: 'mend it', conversation_id: conversation });
    const [system] = asked()[1]?.messages ?? [];
    expect(system.content).toMatch(/could not be read of your last answer[^]*<node>: It is no JSON/);
    const [done] = await events({ requirement: end, conversation_id: conversation });
    expect(done.completion.graph_name).toBe('data_flow');
    expect((await talk.app.json('/graphs/data_flow')).body.nodes).toHaveLength(3);
  });

  verifies(83, 'in the graph as a whole is an error of the assembly, and can be mended', async () => {
    replies = [
      { text: `${whole}${node({ name: 'lost', model_name: 'ghost' })}` },
      { text: '<delete_node>lost</delete_node><graph_name>a/b</graph_name>' },
      { text: '<graph_name>generate</graph_name>' },
      { text: '<graph_name>fine</graph_name>' },
    ];
    const [{ conversation_id: conversation }] = await events({ requirement: 'x' });
    const reasons = [/model 'ghost', which does not exist/, /one line without/, /reserved word/];
    for (const reason of reasons) {
      expect(await events({ requirement: end, conversation_id: conversation })).toEqual([
        { error: { type: 'assembly_error', message: expect.stringMatching(reason) } },
        '[DONE]',
      ]);
      await events({ requirement: 'mend it', conversation_id: conversation });
    }
    const [done] = await events({ requirement: end, conversation_id: conversation });
    expect(done.completion.graph_name).toBe('fine');
  });
});

describe('failures in the stream', () => {
  verifies(83, 'say what kind they are of', async () => {
    replies = [{ status: 400 }];
    const told = await events({ requirement: 'x', conversation_id: 'c' });
    expect(told.slice(-2)).toEqual([{ error: { type: 'model_error', message: expect.any(String) } }, '[DONE]']);
    const nowhere = [{}, { conversation_id: 'ghost' }, { conversation_id: null }];
    for (const at of nowhere) {
      expect(await events({ requirement: end, ...at })).toEqual([
        { error: { type: 'parameter_error', message: expect.any(String) } },
        '[DONE]',
      ]);
    }
    await talk.say({ conversation_id: 'chat' });
    expect(await events({ requirement: end, conversation_id: 'chat' })).toEqual([
      { error: { type: 'parameter_error', message: 'No graph is made in this conversation.' } },
      '[DONE]',
    ]);
  });

  test('a chat is no dialogue, and a dialogue no chat', async () => {
    replies = [{ text: 'Hi.' }, { text: thoughts }];
    await talk.say({ conversation_id: 'chat' });
    const wrong = { requirement: 'x', model_name: model, conversation_id: 'chat' };
    expect((await talk.app.json('/graphs/generate', { body: wrong })).status).toBe(409);
    await events({ requirement: 'x', conversation_id: 'made' });
    expect((await talk.say({ conversation_id: 'made' })).status).toBe(409);
  });
});

describe('a graph that is there', () => {
  async function store(name: string): Promise<void> {
    const nodes = [
      { name: 'a', model_name: model, color: 'red', output_nodes: ['b'] },
      { name: 'b', model_name: model, input_nodes: ['a'] },
    ];
    const { status } = await talk.app.json('/graphs', { body: { name, description: 'Mine', nodes, team: 'x' } });
    expect(status).toBe(200);
  }
  function namesOf(body: Json): string[] {
    return body.nodes.map((each: Json) => each.name);
  }

  verifies(83, 'is changed by what is said, and keeps the rest', async () => {
    await store('mine');
    replies = [
      {
        text: `${thoughts}<graph_name>other</graph_name>${node({ name: 'c', input_nodes: ['a'] })}<delete_node>b</delete_node>`,
      },
      { text: node({ name: 'd', input_nodes: ['c'] }) },
    ];
    const [{ conversation_id: conversation }] = await events({ requirement: 'x', graph_name: 'mine' });
    expect(asked()[0]?.messages[0].content).toContain('"color": "red"');
    const at = { conversation_id: conversation, graph_name: 'mine' };
    const wrong = await talk.app.json('/graphs', {
      body: { name: 'other', nodes: [{ name: 'a', model_name: model }] },
    });
    expect(wrong.status).toBe(200);
    // A node refers to what was deleted.
    expect((await events({ requirement: end, ...at }))[0].error.message).toContain("'b' as an output");
    await talk.app.json('/graphs', {
      body: { name: 'mine', team: 'x', nodes: [{ name: 'a', model_name: model, color: 'blue' }] },
    });
    expect((await events({ requirement: end, ...at }))[0].completion).toEqual({
      graph_name: 'mine',
      message: "图 'mine' 更新成功",
    });
    const { body } = await talk.app.json('/graphs/mine');
    expect([namesOf(body), body.team, body.nodes[0].color]).toEqual([['a', 'c'], 'x', 'blue']);
    expect((await talk.app.json('/graphs/other')).body.nodes).toHaveLength(1);
    // What was changed meanwhile stays: only what was said since counts.
    await talk.app.json('/graphs', {
      body: { ...body, nodes: body.nodes.map((each: Json) => ({ ...each, color: 'green' })) },
    });
    await events({ requirement: 'one more', ...at });
    expect((await events({ requirement: end, ...at }))[0]).toHaveProperty('completion');
    const after = (await talk.app.json('/graphs/mine')).body;
    expect([namesOf(after), after.nodes.map((each: Json) => each.color)]).toEqual([
      ['a', 'c', 'd'],
      ['green', 'green', undefined],
    ]);
    const { body: other } = await talk.app.json('/graphs/generate', {
      body: { requirement: 'x', model_name: model, conversation_id: conversation, graph_name: 'other' },
    });
    expect(other.detail).toMatch(/Another graph/);
  });

  verifies(83, 'is not overwritten by a new one of its name, which gets a free one and keeps it', async () => {
    await store('data_flow');
    replies = [{ text: whole }, { text: '<graph_description>Better</graph_description>' }];
    const [{ conversation_id: conversation }] = await events({ requirement: 'x' });
    for (const _ of [1, 2]) {
      const [done] = await events({ requirement: end, conversation_id: conversation });
      expect(done.completion.graph_name).toBe('data_flow_1');
    }
    await events({ requirement: 'better', conversation_id: conversation });
    await events({ requirement: end, conversation_id: conversation });
    expect((await talk.app.json('/graphs/data_flow_1')).body.description).toBe('Better');
    expect((await talk.app.json('/graphs')).body).toEqual(['data_flow', 'data_flow_1']);
    expect((await talk.app.json('/graphs/data_flow')).body.description).toBe('Mine');
  });
});

describe('a tool', () => {
  const file = 'from mcp.server.fastmcp import FastMCP\n';
  const tool =
    '<analysis>查询天气</analysis><todo>一个工具</todo><folder_name>weather_tool</folder_name>' +
    `<script_file name="main.py">\n\`\`\`python\n${file}\`\`\`\n</script_file><script_file name="lib.py">x = 1</script_file>` +
    '<dependencies>mcp requests</dependencies><readme># 天气</readme>';
  const path = '/mcp/generate';

  afterEach(async () => {
    for (const name of (await talk.app.json('/mcp/ai-tools')).body) {
      await talk.app.json('/mcp/remove', { body: [name] });
    }
  });

  verifies(93, 'is made in a dialogue, and registered disabled under a free name', async () => {
    replies = [{ text: '<analysis>查询天气</analysis>' }, { text: tool }];
    const first = await events({ requirement: '创建一个天气查询工具' }, path);
    expect(first[0]).toEqual({
      type: 'conversation_created',
      conversation_id: expect.stringMatching(/^mcp_[0-9a-f]{16}$/),
    });
    expect([textOf(first), first.at(-1)]).toEqual(['<analysis>查询天气</analysis>', '[DONE]']);
    const at = { conversation_id: first[0].conversation_id };
    expect(asked()[0]?.messages[0].content).toContain('You make an MCP server in ');
    const early = await events({ requirement: end, ...at }, path);
    const missing = ['todo', 'folder_name', 'script_files', 'dependencies', 'readme'];
    expect([early[0].incomplete.missing_fields, early[1]]).toEqual([missing, '[DONE]']);
    await events({ requirement: '继续', ...at }, `/api${path}`);
    const detail = (await talk.app.json(`/chat/conversations/${at.conversation_id}`)).body;
    expect(detail).toMatchObject({
      type: 'agent',
      generation_type: 'mcp',
      parsed_results: {
        folder_name: 'weather_tool',
        script_files: { 'main.py': file, 'lib.py': 'x = 1\n' },
        dependencies: 'mcp requests',
        readme: '# 天气',
        problems: [],
      },
    });
    await talk.app.json('/mcp/register-tool', {
      body: { folder_name: 'weather_tool', script_files: { 'main.py': '' }, readme: '', dependencies: '' },
    });
    expect(await events({ requirement: end, ...at }, path)).toEqual([
      {
        conversation_id: at.conversation_id,
        completion: { tool_name: 'weather_tool_1', message: expect.stringContaining('weather_tool_1') },
      },
      '[DONE]',
    ]);
    expect((await talk.app.json('/mcp/ai-tools')).body).toEqual(['weather_tool', 'weather_tool_1']);
    const made = await talk.app.client().generatedTools.get.query({ id: 'weather_tool_1' });
    expect([made.state, made.files, made.dependencies]).toEqual([
      'disabled',
      [
        { path: 'main.py', text: file },
        { path: 'lib.py', text: 'x = 1\n' },
      ],
      'mcp requests',
    ]);
  });

  verifies(93, 'is changed by what is said after it was registered, and keeps what a person changed', async () => {
    replies = [{ text: tool }, { text: '<script_file name="more.py">y = 2</script_file>' }];
    const at = { conversation_id: 'conv_123' };
    await events({ requirement: '用户需求描述', ...at }, path);
    await events({ requirement: end, ...at }, path);
    const client = talk.app.client();
    const files = { 'main.py': 'changed\n' };
    await client.generatedTools.change.mutate({ id: 'weather_tool', files });
    await events({ requirement: '再加一个', ...at }, path);
    const [done] = await events({ requirement: end, ...at }, path);
    expect(done.completion.tool_name).toBe('weather_tool');
    const { files: after } = await client.generatedTools.get.query({ id: 'weather_tool' });
    expect(Object.fromEntries(after.map((each) => [each.path, each.text]))).toEqual({ ...files, 'more.py': 'y = 2\n' });
    expect(
      await client.generation.get.query({ id: (await client.generation.list.query({}))[0]?.id ?? '' }),
    ).toMatchObject({
      type: 'tool',
      subject: { id: 'weather_tool', name: 'weather_tool' },
    });
  });

  verifies(93, 'takes the curl line of the document', async () => {
    replies = [{ text: tool }];
    const told = await talk.app.curlText(
      `curl -X POST http://localhost:8000/mcp/generate \\
      -H "Content-Type: application/json" \\
      -d '{
        "requirement": "创建一个天气查询工具",
        "model_name": "gpt-4"
      }'`,
      { 'http://localhost:8000': talk.app.url },
    );
    expect(told).toMatch(/data: \{"type":"conversation_created","conversation_id":"mcp_[0-9a-f]{16}"\}\n\n/);
    expect(told).toMatch(/\n\ndata: \[DONE\]\n\n$/);
  });

  verifies(93, 'is refused as its files are, and by what is asked wrongly', async () => {
    replies = [{ text: `${tool}<script_file name="../up.py">x</script_file>` }];
    const at = { conversation_id: 'c' };
    await events({ requirement: 'x', ...at }, path);
    expect(await events({ requirement: end, ...at }, path)).toEqual([
      { error: { type: 'assembly_error', message: expect.stringContaining('../up.py') } },
      '[DONE]',
    ]);
    expect((await events({ requirement: end, ...at }))[0].error).toEqual({
      type: 'parameter_error',
      message: 'No graph is made in this conversation.',
    });
    const refused = [
      [{ requirement: '', model_name: model }, 400],
      [{ requirement: 'x', model_name: '' }, 400],
      [{ requirement: 'x', model_name: 'ghost' }, 404],
      [{ requirement: 'x', model_name: 7 }, 422],
    ] as const;
    for (const [body, status] of refused) expect((await talk.app.json(path, { body })).status).toBe(status);
    expect((await talk.app.json('/mcp/ai-tools')).body).toEqual([]);
  });
});

test('the page says things, follows, and finishes in the same dialogue', async () => {
  replies = [{ text: whole }];
  const client = talk.app.client();
  const { conversationId: id, runId } = await client.generation.graph.say.mutate({ requirement: 'x', model });
  await expect
    .poll(async () => (await client.conversations.get.query({ id })).shown[0]?.state, { timeout: 60_000 })
    .toBe('done');
  expect((await client.conversations.get.query({ id })).shown[0]?.id).toBe(runId);
  expect(await client.generation.get.query({ id })).toMatchObject({
    id,
    type: 'graph',
    missing: [],
    subject: null,
    draft: { graph_name: 'data_flow' },
  });
  expect(await client.generation.list.query({ type: 'graph' })).toMatchObject([{ id, kind: 'agent', makes: 'graph' }]);
  expect(await client.generation.list.query({ type: 'tool' })).toEqual([]);
  expect(await client.conversations.list.query({})).toEqual([]);
  const made = await client.generation.graph.finish.mutate({ id });
  expect(made).toMatchObject({ name: 'data_flow', isNew: true });
  expect((await client.generation.get.query({ id })).subject).toEqual({ id: made.id, name: 'data_flow' });
  expect((await client.generation.graph.prompt.query({})).prompt).toContain(model);
  expect((await client.generation.tool.prompt.query()).prompt).toContain('<script_file name=');
});
