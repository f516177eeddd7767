import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Json } from '../support/app.ts';
import { callerOf } from '../support/people.ts';
import { until } from '../support/until.ts';
import { conversationRights } from './rights.ts';
import { restRows, trpcRows } from './rows/index.ts';
import { type ActorName, actors, createWorld, type World } from './world.ts';

/** Whose conversation it is decides what is done in it; `member` makes a graph. */

let world: World;
let provider: ScriptedProvider;
let mine: { id: string; runId: string };
const whole =
  '<analysis>a</analysis><todo>t</todo><graph_name>made</graph_name><graph_description>d</graph_description>' +
  '<node>{"name": "a", "model_name": "talker"}</node><end_template></end_template>';

beforeAll(async () => {
  world = await createWorld();
  provider = await startProvider();
  provider.always(() => ({ text: whole }));
  const talker = { name: 'talker', baseUrl: provider.url, visibility: 'everyone' as const };
  await world.callers.admin.client().models.create.mutate(talker);
  mine = await say('member');
});
afterAll(async () => {
  await world.stop();
  await provider[Symbol.asyncDispose]();
});

/** Begins a dialogue and waits for the answer. */
async function say(actor: ActorName, more: { graph?: string } = {}): Promise<{ id: string; runId: string }> {
  const client = world.callers[actor].client();
  const { conversationId: id, runId } = await client.generation.graph.say.mutate({ ...said, ...more });
  await until(async () => (await client.conversations.get.query({ id })).shown[0]?.endedAt != null, 'the round ends');
  return { id, runId };
}
const said = { requirement: 'A graph', model: 'talker' };
const toolBody = { requirement: 'x', model_name: 'talker' };

type Send = (actor: ActorName) => Promise<{ status: number; body: Json }>;

function post(procedure: string, input: () => object): Send {
  return (actor) => world.callers[actor].json(`/trpc/${procedure}`, { method: 'POST', body: input() });
}
const get: Send = (actor) =>
  world.callers[actor].json(`/trpc/generation.get?input=${encodeURIComponent(JSON.stringify({ id: mine.id }))}`);
const goOn = post('generation.graph.say', () => ({ ...said, conversationId: mine.id }));
const finish = post('generation.graph.finish', () => ({ id: mine.id }));
const wrongTool = post('generation.tool.say', () => ({ ...said, conversationId: mine.id }));
const wrongFinish = post('generation.tool.finish', () => ({ id: mine.id }));
function generate(more: object = {}): Send {
  const body = { requirement: 'A graph', model_name: 'talker', stream: false, ...more };
  return (actor) => world.callers[actor].json('/graphs/generate', { method: 'POST', body });
}
function finishing(conversation: string): Send {
  return generate({ requirement: '<end>END</end>', conversation_id: conversation });
}

test('every row that stands elsewhere is here', () => {
  const all = Object.entries({ ...trpcRows, ...restRows });
  const here = all.filter(([, row]) => 'elsewhere' in row && row.elsewhere.includes(': generation.test.ts'));
  expect(here.map(([name]) => name).toSorted()).toEqual([
    'agents.graphs.generate',
    'agents.mcp.generate',
    'generation.get',
    'generation.graph.finish',
    'generation.graph.say',
    'generation.tool.finish',
    'generation.tool.say',
  ]);
});

describe('a dialogue of somebody', () => {
  test('is absent to everybody else, in every way', async () => {
    for (const actor of ['admin', 'lead', 'stranger', 'manager'] as const) {
      for (const [name, send] of Object.entries({
        get,
        goOn,
        finish,
        wrongTool,
        wrongFinish,
        rest: finishing(mine.id),
      })) {
        expect([actor, name, (await send(actor)).status]).toEqual([actor, name, 404]);
      }
    }
    for (const send of [get, goOn, finish, wrongTool, wrongFinish, generate(), finishing(mine.id)]) {
      expect((await send('anonymous')).status).toBe(401);
    }
  });

  test('is read by those with whom it is shared, and gone on with by nobody but its owner', async () => {
    const share = { id: mine.id, visibility: 'group' as const, groups: ['team'] };
    await world.callers.member.client().conversations.share.mutate(share);
    expect((await get('lead')).body.result.data.draft.graph_name).toBe('made');
    expect((await goOn('lead')).status).toBe(403);
    expect((await finish('lead')).status).toBe(403);
    expect((await finishing(mine.id)('lead')).status).toBe(403);
    for (const actor of actors) {
      const isRead = conversationRights[actor].team.length > 0;
      const refused = actor === 'anonymous' ? 401 : actor.startsWith('key') ? 403 : 404;
      expect([actor, (await get(actor)).status]).toEqual([actor, isRead ? 200 : refused]);
    }
    expect((await goOn('member')).status).toBe(200);
    for (const send of [wrongTool, wrongFinish]) expect((await send('member')).status).toBe(409);
  });

  test('under an id that somebody else has too is another one', async () => {
    const same = generate({ conversation_id: 'same' });
    expect((await same('member')).status).toBe(200);
    expect((await finishing('same')('stranger')).status).toBe(404);
    expect((await same('stranger')).body.conversation_id).toBe('same');
  });
});

test('whoever may make no graph, or no tool, is told so, before any model is asked', async () => {
  const before = provider.requests.length;
  for (const actor of ['viewer', 'keyRead', 'keyBound', 'keyStack'] as const) {
    const tool: Send = (who) => world.callers[who].json('/mcp/generate', { method: 'POST', body: toolBody });
    const says = ['graph', 'tool'].map((what) => post(`generation.${what}.say`, () => said));
    for (const send of [...says, generate(), tool]) {
      const { status, body } = await send(actor);
      expect([actor, status]).toEqual([actor, 403]);
      expect(String(body.detail ?? body.error.message)).toMatch(/viewer|role|Needs the right|key/i);
    }
  }
  const scopes = ['conversation.*', 'model.*', 'server.read', 'graph.read'];
  const { key } = await world.callers.member.client().keys.create.mutate({ name: 'makes nothing', scopes });
  const program = callerOf(world.app, key);
  for (const [path, right] of [
    ['/graphs/generate', 'graph.create'],
    ['/mcp/generate', 'server.create'],
  ] as const) {
    const { status, body } = await program.json(path, { method: 'POST', body: toolBody });
    expect([status, body.detail]).toEqual([403, expect.stringContaining(right)]);
  }
  expect(provider.requests.length).toBe(before);
});

test('a graph is changed by those who may change it, and looked at by those who see it', async () => {
  const nodes = [{ name: 'secret-node', model_name: 'talker' }];
  await world.callers.member.client().graphs.save.mutate({ config: { name: 'theirs', nodes } });
  const change = generate({ graph_name: 'theirs' });
  async function template(actor: ActorName) {
    return (await world.callers[actor].json('/optimize-prompt-template?graph_name=theirs')).status;
  }
  expect([(await change('stranger')).status, await template('stranger')]).toEqual([404, 404]);
  await world.callers.member.client().graphs.share.mutate({ id: 'theirs', visibility: 'group', groups: ['team'] });
  expect([(await change('lead')).status, await template('lead')]).toEqual([403, 200]);
  expect([(await change('member')).status, await template('member')]).toEqual([200, 200]);
});

test('a prompt names only models and servers that its reader may use', async () => {
  /** Names in the list of models, and in that of servers. */
  function namesIn(prompt: string): string[][] {
    return prompt
      .split('\n## ')
      .filter((part) => /^(Models|Servers)/.test(part))
      .map((part) => [...part.matchAll(/\n- ([\w-]+)/g)].map((match) => match[1] ?? '').toSorted());
  }
  async function promptOf(actor: ActorName): Promise<string[][]> {
    return namesIn((await world.callers[actor].json('/prompt-template')).body.prompt);
  }
  const everyones = ['demo', 'open', 'talker'];
  expect(await promptOf('stranger')).toEqual([everyones, ['open']]);
  expect(await promptOf('owner')).toEqual([
    ['demo', 'open', 'owned', 'talker'],
    ['open', 'owned'],
  ]);
  expect(await promptOf('member')).toEqual([[...everyones, 'shared'].toSorted(), ['open', 'shared']]);
  // Servers that people registered for themselves do not speak to an admin's model unasked.
  expect(await promptOf('admin')).toEqual([
    ['demo', 'hidden', 'open', 'owned', 'shared', 'talker'],
    ['hidden', 'open', 'shared'],
  ]);
  // What the model is told is the same.
  provider.forget();
  provider.always(() => ({ text: whole }));
  await say('stranger');
  const asked = provider.requests.map(({ body }): Json => body).map(({ messages }) => messages[0].content);
  const first = asked.find((content: string) => content.startsWith('You make a graph'));
  expect(namesIn(first)).toEqual([everyones, ['open']]);
});

test('what is finished is the owner’s graph, private', async () => {
  const { id } = await say('stranger');
  const made = await world.callers.stranger.client().generation.graph.finish.mutate({ id });
  expect(await world.callers.stranger.client().graphs.get.query({ id: made.id })).toMatchObject({
    visibility: 'private',
    can: { configure: true },
  });
  await expect(world.callers.member.client().graphs.get.query({ id: made.id })).rejects.toThrow();
});
