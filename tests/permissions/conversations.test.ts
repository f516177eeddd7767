import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { RoundNews } from '@switchboard/core/conversations';
import { createTestApp, type Json } from '../support/app.ts';
import { callerOf, commonPassword, signInAs } from '../support/people.ts';
import { until } from '../support/until.ts';
import { circles, conversationRights, groupRights } from './rights.ts';
import { restRows, trpcRows } from './rows/index.ts';
import { type ActorName, actors, createWorld, planted, type World } from './world.ts';

/** Whose conversation it is decides who may what in it: `member` has one of each kind. */

const kinds = ['private', 'team', 'everyone'] as const;
type Kind = (typeof kinds)[number];

let world: World;
let provider: ScriptedProvider;
const made = {} as Record<Kind, { id: string; runId: string }>;

async function make(kind: Kind): Promise<{ id: string; runId: string }> {
  const client = world.callers.member.client();
  const { conversationId: id, runId } = await client.conversations.say.mutate({ content: 'Hi', settings });
  await until(async () => (await client.conversations.get.query({ id })).shown[0]?.endedAt != null, 'the round ends');
  if (kind !== 'private') await client.conversations.share.mutate(sharingOf(id, kind));
  return { id, runId };
}
const settings = { model: 'talker' };

function sharingOf(id: string, kind: Kind) {
  const visibility = kind === 'team' ? ('group' as const) : kind;
  return { id, visibility, groups: kind === 'team' ? ['team'] : [] };
}

beforeAll(async () => {
  world = await createWorld();
  provider = await startProvider();
  const talker = { name: 'talker', baseUrl: provider.url, visibility: 'everyone' as const };
  await world.callers.admin.client().models.create.mutate(talker);
  for (const kind of kinds) made[kind] = await make(kind);
});
afterAll(async () => {
  await world.stop();
  await provider[Symbol.asyncDispose]();
});

interface Way {
  needs: 'read' | 'write';
  send(actor: ActorName, at: { id: string; runId: string }, kind: Kind): Promise<{ status: number; body: Json }>;
  /** What is allowed uses the conversation up. */
  fresh?: true;
  /** What is allowed is told that something else is not there. */
  misses?: RegExp;
}

function post(name: string, inputOf: (at: { id: string; runId: string }, kind: Kind) => object): Way['send'] {
  return (actor, at, kind) => world.callers[actor].json(`/trpc/${name}`, { method: 'POST', body: inputOf(at, kind) });
}
function query(name: string, inputOf: (at: { id: string; runId: string }) => object): Way['send'] {
  return (actor, at) =>
    world.callers[actor].json(`/trpc/${name}?input=${encodeURIComponent(JSON.stringify(inputOf(at)))}`);
}
function rest(method: string, end: string, bodyOf?: () => object): Way['send'] {
  return (actor, { id }) =>
    world.callers[actor].json(`/chat/conversations/${id}${end}`, { method, ...(bodyOf && { body: bodyOf() }) });
}
function byId({ id }: { id: string }) {
  return { id };
}
function byRun({ runId }: { runId: string }) {
  return { runId };
}
const allowed = { type: 'approval', allowed: true } as const;

const ways: Record<string, Way> = {
  'conversations.get': { needs: 'read', send: query('conversations.get', byId) },
  'conversations.export': { needs: 'read', send: query('conversations.export', byId) },
  'conversations.follow': { needs: 'read', send: follow },
  'conversations.say': {
    needs: 'write',
    send: post('conversations.say', ({ id }) => ({ conversationId: id, content: 'Me too', settings })),
  },
  'conversations.stop': { needs: 'write', send: post('conversations.stop', byRun) },
  'conversations.goOn': { needs: 'write', send: post('conversations.goOn', byRun) },
  'conversations.answer': {
    needs: 'write',
    send: post('conversations.answer', ({ runId }) => ({ runId, askId: 'none', answer: allowed })),
    misses: /question/,
  },
  'conversations.update': { needs: 'write', send: post('conversations.update', ({ id }) => ({ id, patch: {} })) },
  'conversations.share': {
    needs: 'write',
    send: post('conversations.share', ({ id }, kind) => sharingOf(id, kind)),
  },
  'conversations.select': { needs: 'write', send: post('conversations.select', ({ id, runId }) => ({ id, runId })) },
  'conversations.compact': {
    needs: 'write',
    send: post('conversations.compact', ({ id }) => ({ id, model: 'talker' })),
  },
  'conversations.undoCompaction': { needs: 'write', send: post('conversations.undoCompaction', byId) },
  'conversations.remove': { needs: 'write', send: post('conversations.remove', byId), fresh: true },
  'agents.conversations.get': { needs: 'read', send: rest('GET', '') },
  'agents.conversations.status': { needs: 'write', send: rest('PUT', '/status', () => ({ status: 'active' })) },
  'agents.conversations.title': { needs: 'write', send: rest('PUT', '/title', () => ({ title: 'Named' })) },
  'agents.conversations.tags': { needs: 'write', send: rest('PUT', '/tags', () => ({ tags: [] })) },
  'agents.conversations.compact': {
    needs: 'write',
    send: rest('POST', '/compact', () => ({ model_name: 'talker' })),
  },
  'agents.conversations.remove': { needs: 'write', send: rest('DELETE', '/permanent'), fresh: true },
};

/** Reads a subscription to its end, or the refusal in its place. */
async function follow(actor: ActorName, { runId }: { runId: string }): Promise<{ status: number; body: Json }> {
  const input = encodeURIComponent(JSON.stringify({ runId }));
  const { token } = world.callers[actor];
  const response = await fetch(`${world.app.url}/trpc/conversations.follow?input=${input}`, {
    headers: { accept: 'text/event-stream', ...(token !== '' && { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.body || response.status !== 200) return { status: response.status, body: await response.text() };
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const failure = /event: serialized-error\ndata: (.*)\n/.exec(text);
    if (failure) {
      const { data } = JSON.parse(failure[1] ?? '{}') as { data: { httpStatus: number } };
      return { status: data.httpStatus, body: JSON.parse(failure[1] ?? '{}') };
    }
    if (text.includes('"type":"end"')) break;
  }
  return { status: 200, body: text };
}

/** The other rows that stand here: what no conversation decides. */
const others = [
  'conversations.tools',
  'conversations.extras',
  'conversations.usePrompt',
  'conversations.readResource',
  'conversations.complete',
  'conversations.import',
  'conversations.rules',
  'conversations.setRule',
  'conversations.presets',
  'conversations.keepPresets',
  'conversations.forgetPreset',
  'conversations.listOthers',
  'conversations.inspect',
  'agents.chat.complete',
];

test('every row that stands elsewhere is here', () => {
  const all = Object.entries({ ...trpcRows, ...restRows });
  const here = all.filter(([, row]) => 'elsewhere' in row && row.elsewhere.includes('conversations.test.ts'));
  expect(here.map(([name]) => name).toSorted()).toEqual([...Object.keys(ways), ...others].toSorted());
});

/** What an answer says, whatever was asked for and when. */
function without({ status, body }: { status: number; body: Json }, at: { id: string; runId: string }): string {
  const text = `${status} ${JSON.stringify(body)}`.replaceAll(at.id, '…').replaceAll(at.runId, '…');
  return text.replaceAll(/\\?"(timestamp|requestId)\\?":\\?"[^"]*"/g, '"$1"');
}

describe.each(Object.entries(ways))('%s', (_name, { needs, send, fresh = false, misses }) => {
  test.each(kinds)('gives each actor what the table says: %s', async (kind) => {
    const wrong: string[] = [];
    const ghost = { id: 'ghost', runId: 'ghost' };
    for (const actor of actors) {
      const rights = conversationRights[actor][kind];
      const isAllowed = rights.includes(needs);
      const at = fresh && isAllowed ? await make(kind) : made[kind];
      const answer = await send(actor, at, kind);
      const { status, body } = answer;
      const found = `${actor}: ${status} ${JSON.stringify(body).slice(0, 200)}`;
      if (actor === 'anonymous') {
        if (status !== 401) wrong.push(`${found}; wanted 401`);
      } else if (isAllowed) {
        const missed = status === 404 && misses?.test(JSON.stringify(body));
        if ([401, 403, 404].includes(status) && missed !== true) wrong.push(`${found}; wanted to get through`);
      } else if (rights.includes('read')) {
        if (status !== 403) wrong.push(`${found}; wanted 403`);
      } else {
        const absent = await send(actor, ghost, kind);
        const isSame = without(answer, at) === without(absent, ghost);
        if (![403, 404].includes(status) || !isSame) wrong.push(`${found}; wanted ${without(absent, ghost)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('what no conversation decides', () => {
  async function statuses(name: string, input: object, isQuery = false): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const actor of actors) {
      const caller = world.callers[actor];
      const path = `/trpc/${name}`;
      const answer = isQuery
        ? await caller.json(`${path}?input=${encodeURIComponent(JSON.stringify(input))}`)
        : await caller.json(path, { method: 'POST', body: input });
      found[actor] = answer.status;
    }
    return found;
  }
  function those(may: readonly ActorName[], refusal = 403): Record<string, number> {
    return Object.fromEntries(
      actors.map((actor) => [actor, actor === 'anonymous' ? 401 : may.includes(actor) ? 200 : refusal]),
    );
  }
  const users: readonly ActorName[] = circles.notViewers;

  test("rules are everybody's own", async () => {
    expect(await statuses('conversations.rules', {}, true)).toEqual(those(circles.unconfined));
  });

  test("presets are everybody's own", async () => {
    const presets = [{ name: 'short', systemPrompt: 'Be brief.', temperature: null, maxTokens: null }];
    expect(await statuses('conversations.keepPresets', { presets })).toEqual(those(users));
    expect(await statuses('conversations.presets', {}, true)).toEqual(those(circles.unconfined));
    expect(await statuses('conversations.forgetPreset', { name: 'short' })).toEqual(those(users));
  });

  test('rules of a group are read by whoever sees it, and set by whoever manages it', async () => {
    const seen = actors.filter((actor) => groupRights[actor].includes('see'));
    const read = await statuses('conversations.rules', { groupId: 'team' }, true);
    expect(Object.keys(read).filter((actor) => read[actor] === 200)).toEqual(seen);
    const rule = { server: 'shared', tool: 'echo', groupId: 'team', verdict: null };
    const set = await statuses('conversations.setRule', rule);
    expect(Object.keys(set).filter((actor) => set[actor] === 200)).toEqual(['admin', 'lead']);
  });

  test('rules are set for servers that one may use', async () => {
    async function setters(server: string, verdict: 'ask' | null) {
      const set = await statuses('conversations.setRule', { server, tool: 'echo', verdict });
      return Object.keys(set)
        .filter((actor) => set[actor] === 200)
        .toSorted();
    }
    expect(await setters('open', 'ask')).toEqual([...users].toSorted());
    expect(await setters('hidden', 'ask')).toEqual(['admin']);
    // A rule is taken back without the server: who lost it has the rule still.
    for (const server of ['open', 'hidden']) expect(await setters(server, null)).toEqual([...users].toSorted());
  });

  test('tools are those of servers that one may use', async () => {
    for (const actor of actors.filter((name) => name !== 'anonymous')) {
      const input = encodeURIComponent(JSON.stringify({ servers: ['open', 'hidden'] }));
      const { status, body } = await world.callers[actor].json(`/trpc/conversations.tools?input=${input}`);
      if (actor !== 'admin') expect(JSON.stringify(body), `${actor}: ${status}`).not.toContain('"hidden"');
    }
  });

  test('conversations of others are read by admins where the settings say so, and it is recorded', async () => {
    const { admin, member } = world.callers;
    const { id } = made.private;
    const asked = {
      'conversations.inspect': { id },
      'conversations.listOthers': { owner: 'member' },
    };
    const onlyAdmins = { admin: 200 };
    async function those403(name: keyof typeof asked) {
      const found = await statuses(name, asked[name]);
      return Object.fromEntries(Object.entries(found).filter(([, status]) => status !== 403 && status !== 401));
    }
    async function readings() {
      const { items } = await admin.client().audit.list.query({ action: ['conversation.inspect'], outcome: ['ok'] });
      return items.map(({ target, details }) => ({ target, details }));
    }
    // Off where nobody set anything: an id that is not there is refused as one that is.
    for (const name of Object.keys(asked) as (keyof typeof asked)[]) expect(await those403(name), name).toEqual({});
    const ghost = await admin.json('/trpc/conversations.inspect', { method: 'POST', body: { id: 'ghost' } });
    expect(ghost.status).toBe(403);
    expect(JSON.stringify(ghost.body)).toContain('Admins do not read conversations of others');
    expect(await readings()).toEqual([]);

    await admin.client().configuration.change.mutate({ conversations: { adminsMayRead: true } });
    try {
      for (const name of Object.keys(asked) as (keyof typeof asked)[])
        expect(await those403(name), name).toEqual(onlyAdmins);
      const seen = await admin.client().conversations.inspect.mutate({ id });
      expect(seen).toMatchObject({ id, ownerName: 'member', can: { write: false, share: false } });
      expect(seen.shown[0]?.content).toBe('Hi');
      const listed = await admin.client().conversations.listOthers.mutate({ owner: 'member' });
      expect(listed.map((item) => item.id)).toContain(id);
      expect(await readings()).toMatchObject([
        { target: null, details: { owner: 'member' } },
        { target: id, details: { owner: 'member' } },
        { target: null, details: { owner: 'member' } },
        { target: id, details: { owner: 'member' } },
      ]);
      // It is read and nothing else: the other ways are closed as before.
      for (const name of ['say', 'update', 'export', 'remove'] as const) {
        expect((await ways[`conversations.${name}`]?.send('admin', made.private, 'private'))?.status, name).toBe(404);
      }
      expect((await ways['conversations.get']?.send('admin', made.private, 'private'))?.status).toBe(404);
      const absent = await admin.json('/trpc/conversations.inspect', { method: 'POST', body: { id: 'ghost' } });
      expect(absent.status).toBe(404);
      expect((await member.client().auth.me.query()).adminsReadConversations).toBe(true);
    } finally {
      await admin.client().configuration.change.mutate({ conversations: { adminsMayRead: false } });
    }
    expect((await admin.client().auth.me.query()).can.inspectConversations).toBe(false);
  });

  test("something is said under one's own name alone", async () => {
    for (const actor of actors) {
      const body = { user_prompt: 'Hi', model_name: 'talker', stream: false, conversation_id: 'mine' };
      const { status } = await world.callers[actor].json('/chat/completions', { body });
      const may = users.includes(actor);
      expect({ actor, status }).toEqual({ actor, status: actor === 'anonymous' ? 401 : may ? 200 : 403 });
    }
    // The same name is another conversation for each.
    for (const actor of users) {
      const { body } = await world.callers[actor].json('/chat/conversations/mine');
      expect(body).toMatchObject({ round_count: 1, user_id: world.callers[actor].id || expect.any(String) });
    }
  });
});

describe('user_id', () => {
  const paths = [
    { method: 'GET', path: '/chat/conversations?user_id=' },
    { method: 'DELETE', path: `/chat/conversations/mine/permanent?user_id=` },
  ];

  test('is the caller, and nobody else for admins either', async () => {
    const { member, admin } = world.callers;
    for (const { method, path } of paths) {
      for (const user of [member.id, 'member', 'stranger']) {
        expect((await admin.json(`${path}${user}`, { method })).status, `${method} ${path}`).toBe(403);
      }
    }
    for (const user of ['', '?user_id=default_user', `?user_id=${member.id}`, '?user_id=member']) {
      const { status, body } = await member.json(`/chat/conversations${user}`);
      expect(status).toBe(200);
      expect(body.conversations.map((item: Json) => item._id)).toContain(made.private.id);
    }
    const say = { user_prompt: 'Hi', model_name: 'talker', stream: false, conversation_id: 'named' };
    expect((await admin.json('/chat/completions', { body: { ...say, user_id: 'member' } })).status).toBe(403);
    for (const [end, body] of Object.entries({
      status: { status: 'active' },
      title: { title: 'Taken' },
      tags: { tags: [] },
    })) {
      const path = `/chat/conversations/${made.private.id}/${end}`;
      const given = { ...body, user_id: 'member' };
      expect((await admin.json(path, { method: 'PUT', body: given })).status, end).toBe(403);
    }
  });

  test('is a name space where nobody signs in', async () => {
    await using app = await createTestApp({ AUTH_MODE: 'open', ALLOW_PRIVATE_URLS: 'true' });
    await app.client().models.create.mutate({ name: 'talker', baseUrl: provider.url });
    const say = { user_prompt: 'Hi', model_name: 'talker', stream: false, conversation_id: 'one' };
    for (const user of ['ann', 'bob']) {
      expect((await app.json('/chat/completions', { body: { ...say, user_id: user } })).status).toBe(200);
      const { body } = await app.json(`/chat/conversations?user_id=${user}`);
      expect(body).toMatchObject({ total_count: 1, conversations: [{ _id: 'one', user_id: user }] });
    }
    expect((await app.json('/chat/conversations')).body.total_count).toBe(0);
    expect((await app.json('/chat/conversations/one')).status).toBe(404);
    for (const path of [
      '/chat/conversations?user_id=a%00b',
      '/chat/conversations/a%00b',
      '/chat/conversations?user_id=',
    ]) {
      expect((await app.json(path)).status, path).toBeLessThan(500);
    }
    expect((await app.json('/chat/completions', { body: { ...say, user_id: 'a\0b' } })).status).toBeLessThan(500);
  });
});

describe('a round that goes on', () => {
  beforeEach(() => provider.forget());

  /** Something that `who` says and is told half of the answer. */
  async function going(caller = world.callers.member) {
    provider.script({ text: 'Half an answer and ', stallAfter: 4 });
    return caller.client().conversations.say.mutate({ content: 'Hi', settings });
  }
  function follows(caller: typeof world.callers.member, runId: string) {
    const news: RoundNews[] = [];
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const followed = caller
      .client()
      .conversations.follow.subscribe(
        { runId },
        { onData: (item) => void news.push(item), onError: () => resolve(), onComplete: () => resolve() },
      );
    return { news, over, leave: () => followed.unsubscribe() };
  }

  test('is followed no longer than the sign-in', async () => {
    const away = await signInAs(world.app, 'member');
    const { runId } = await going(away);
    const followed = follows(away, runId);
    await until(() => followed.news.length > 0, 'it is followed');
    await away.json('/trpc/auth.logout', { method: 'POST', body: {} });
    await followed.over;
    followed.leave();
    expect(followed.news.some(({ type }) => type === 'end')).toBe(false);
    await world.callers.member.client().conversations.stop.mutate({ runId });
  });

  test('asks people: no key answers', async () => {
    const { member, admin } = world.callers;
    const whole = await member.client().keys.create.mutate({ name: 'whole' });
    const key = callerOf(world.app, whole.key, member.id);
    const server = 'shared';
    await member.client().conversations.setRule.mutate({ server, tool: 'echo', verdict: 'ask' });
    provider.script({ calls: [{ name: 'echo', arguments: { text: 'hi' } }] }, { text: 'Done.' });
    const { runId, conversationId } = await member
      .client()
      .conversations.say.mutate({ content: 'Go', settings: { ...settings, chosen: { servers: [server] } } });
    const followed = follows(member, runId);
    await until(() => followed.news.some(({ type }) => type === 'ask'), 'it asks');
    const ask = followed.news.find((item) => item.type === 'ask');
    if (ask?.type !== 'ask') throw new Error('Nothing is asked.');
    const answer = { runId, askId: ask.askId, answer: allowed };
    async function statusFor(caller: typeof member) {
      return (await caller.json('/trpc/conversations.answer', { method: 'POST', body: answer })).status;
    }
    expect(await statusFor(key)).toBe(403);
    expect(await statusFor(world.callers.keyRead)).toBe(403);
    expect(await statusFor(admin)).toBe(404);
    // Two say the same at once: one of them is heard.
    const both = await Promise.all([statusFor(member), statusFor(member)]);
    expect(both.toSorted((a, b) => a - b)).toEqual([200, 404]);
    await until(() => followed.news.some(({ type }) => type === 'end'), 'it ends');
    followed.leave();
    const { shown } = await member.client().conversations.get.query({ id: conversationId });
    expect(shown[0]).toMatchObject({ state: 'done' });
    await member.client().conversations.setRule.mutate({ server, tool: 'echo', verdict: null });
  });

  test('has no secrets of servers in it, whatever they answer', async () => {
    const { member } = world.callers;
    const client = member.client();
    await client.conversations.setRule.mutate({ server: 'shared', tool: 'echo', verdict: 'allow' });
    provider.script({ calls: [{ name: 'echo', arguments: { text: planted.header } }] }, { text: 'Done.' });
    const chosen = { servers: ['shared'] };
    const begun = await client.conversations.say.mutate({ content: 'Go', settings: { ...settings, chosen } });
    const followed = follows(member, begun.runId);
    await until(() => followed.news.some(({ type }) => type === 'end'), 'it ends');
    followed.leave();
    const results = followed.news.filter(({ type }) => type === 'result');
    expect(JSON.stringify(results)).toContain('***');
    expect(JSON.stringify(results)).not.toContain(planted.header);
    const told = provider.requests.flatMap(({ body }) => (body?.['messages'] as Json[] | undefined) ?? []);
    const toldResults = told.filter(({ role }) => role === 'tool');
    expect(toldResults).toHaveLength(1);
    expect(JSON.stringify(toldResults)).not.toContain(planted.header);
  });

  test('ends for an account that is disabled, and nothing is begun with it', async () => {
    const { admin } = world.callers;
    await admin.json('/api/users', { body: { username: 'leaver', password: commonPassword } });
    const leaver = await signInAs(world.app, 'leaver');
    const { runId, conversationId } = await going(leaver);
    const followed = follows(leaver, runId);
    await until(() => followed.news.length > 0, 'it is followed');
    await admin.client().users.update.mutate({ id: leaver.id, patch: { disabled: true } });
    await followed.over;
    followed.leave();
    for (const name of ['say', 'goOn', 'stop']) {
      const body = name === 'say' ? { content: 'Hi', settings, conversationId } : { runId };
      expect((await leaver.json(`/trpc/conversations.${name}`, { method: 'POST', body })).status).toBe(401);
    }
  });
});
