import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import type { Json } from '../support/app.ts';
import { until } from '../support/until.ts';
import { restRows, trpcRows } from './rows/index.ts';
import { type ActorName, createWorld, type World } from './world.ts';

/** Whose graph it is decides, and to whom it is open: `member` has one of each kind. */

const kinds = ['private', 'team', 'everyone'] as const;
type Kind = (typeof kinds)[number];

let world: World;
let provider: ScriptedProvider;
const names = { private: 'mine', team: 'ours', everyone: 'theirs' } as const satisfies Record<Kind, string>;
let runId = '';

function configOf(name: string) {
  return { name, nodes: [{ name: 'a', model_name: 'talker' }] };
}
async function make(name: string, kind: Kind): Promise<void> {
  const { client, json } = world.callers.member;
  const { status } = await json('/graphs', { method: 'POST', body: configOf(name) });
  expect(status).toBe(200);
  if (kind === 'private') return;
  // To open something to everyone takes more than to own it.
  const sharer = kind === 'everyone' ? world.callers.admin.client() : client();
  await sharer.graphs.share.mutate({ id: name, visibility: kind === 'team' ? 'group' : kind, groups: ['team'] });
}

beforeAll(async () => {
  world = await createWorld();
  provider = await startProvider();
  const talker = { name: 'talker', baseUrl: provider.url, visibility: 'everyone' as const };
  await world.callers.admin.client().models.create.mutate(talker);
  for (const kind of kinds) await make(names[kind], kind);
  const client = world.callers.member.client();
  ({ runId } = await client.graphs.runs.start.mutate({ id: 'mine', input: 'Hi' }));
  await until(async () => (await client.graphs.runs.get.query({ runId })).endedAt !== null, 'the run ends');
});
afterAll(async () => {
  await world.stop();
  await provider[Symbol.asyncDispose]();
});

type Send = (actor: ActorName, name: string) => Promise<{ status: number; body: Json }>;

function post(procedure: string, inputOf: (name: string) => object): Send {
  return (actor, name) => world.callers[actor].json(`/trpc/${procedure}`, { method: 'POST', body: inputOf(name) });
}
function query(procedure: string, inputOf: (name: string) => object): Send {
  return (actor, name) =>
    world.callers[actor].json(`/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(inputOf(name)))}`);
}
function rest(method: string, pathOf: (name: string) => string, bodyOf?: (name: string) => object): Send {
  return (actor, name) => world.callers[actor].json(pathOf(name), { method, ...(bodyOf && { body: bodyOf(name) }) });
}
function byId(id: string) {
  return { id };
}

const looks: Record<string, Send> = {
  'graphs.get': query('graphs.get', byId),
  'graphs.readme': query('graphs.readme', byId),
  'graphs.scripts': query('graphs.scripts', (id) => ({ id, baseUrl: 'http://127.0.0.1:3000' })),
  'graphs.versions': query('graphs.versions', byId),
  'graphs.diff': query('graphs.diff', (id) => ({ id, from: 1, to: 1 })),
  'agents.graphs.get': rest('GET', (name) => `/graphs/${name}`),
  'agents.graphs.readme': rest('GET', (name) => `/graphs/${name}/readme`),
  'agents.graphs.script': rest('GET', (name) => `/graphs/${name}/generate_mcp`),
};
const uses: Record<string, Send> = {
  'graphs.runs.start': post('graphs.runs.start', (id) => ({ id, input: 'Hi' })),
  'agents.graphs.execute': rest(
    'POST',
    () => '/graphs/execute',
    (name) => ({
      graph_name: name,
      input_text: 'Hi',
      background: true,
    }),
  ),
};
const changes: Record<string, Send> = {
  'graphs.save': post('graphs.save', (name) => ({ config: configOf(name) })),
  'graphs.share': post('graphs.share', (id) => ({
    id,
    visibility: id === 'mine' ? 'private' : id === 'ours' ? 'group' : 'everyone',
    groups: ['team'],
  })),
  'graphs.restore': post('graphs.restore', (id) => ({ id, number: 1 })),
  'graphs.rename': post('graphs.rename', (id) => ({ id, name: id })),
  'agents.graphs.save': rest('POST', () => '/graphs', configOf),
  'agents.graphs.rename': rest('PUT', (name) => `/graphs/${name}/rename/${name}`),
};
const removals: Record<string, Send> = {
  'graphs.remove': post('graphs.remove', byId),
  'agents.graphs.remove': rest('DELETE', (name) => `/graphs/${name}`),
};
const ofRuns = [
  'graphs.runs.get',
  'graphs.runs.follow',
  'graphs.runs.stop',
  'graphs.runs.answer',
  'graphs.runs.resume',
];

test('every row that stands elsewhere is here', () => {
  const all = Object.entries({ ...trpcRows, ...restRows });
  const here = all.filter(([, row]) => 'elsewhere' in row && row.elsewhere.includes(': graphs.test.ts'));
  const known = [looks, uses, changes, removals].flatMap((ways) => Object.keys(ways));
  expect(here.map(([name]) => name).toSorted()).toEqual([...known, ...ofRuns].toSorted());
});

/** Who gets through at which kind. */
const mayLook: Record<Kind, ActorName[]> = {
  private: ['admin', 'member'],
  team: ['admin', 'member', 'lead'],
  everyone: ['admin', 'member', 'lead', 'stranger'],
};
const owners: ActorName[] = ['admin', 'member'];
const asked: ActorName[] = ['admin', 'lead', 'member', 'stranger'];

describe.each(Object.entries({ ...looks, ...uses }))('%s', (_name, send) => {
  test.each(kinds)('is for those who see it: %s', async (kind) => {
    for (const actor of asked) {
      const { status } = await send(actor, names[kind]);
      expect([actor, status]).toEqual([actor, mayLook[kind].includes(actor) ? 200 : 404]);
    }
    expect((await send('anonymous', names[kind])).status).toBe(401);
  });
});

describe.each(Object.entries(changes))('%s', (name, send) => {
  test.each(kinds)('is for the owner and admins: %s', async (kind) => {
    for (const actor of asked) {
      const { status } = await send(actor, names[kind]);
      const isTaken = name.endsWith('.save') && !mayLook[kind].includes(actor);
      const refused = isTaken ? (name.startsWith('agents') ? 400 : 409) : mayLook[kind].includes(actor) ? 403 : 404;
      expect([actor, status]).toEqual([actor, owners.includes(actor) ? 200 : refused]);
    }
    expect((await send('anonymous', names[kind])).status).toBe(401);
  });
});

test.each(Object.entries(removals))('%s is for the owner and admins', async (_name, send) => {
  await make('gone', 'everyone');
  expect((await send('stranger', 'gone')).status).toBe(403);
  expect((await send('anonymous', 'gone')).status).toBe(401);
  expect((await send('member', 'gone')).status).toBe(200);
});

test('a run is its owner’s alone, and a viewer runs nothing', async () => {
  const ways: Record<string, Send> = {
    get: query('graphs.runs.get', () => ({ runId })),
    stop: post('graphs.runs.stop', () => ({ runId })),
    answer: post('graphs.runs.answer', () => ({ runId, node: 'a', visit: 1 })),
    resume: post('graphs.runs.resume', () => ({ runId })),
  };
  for (const [name, send] of Object.entries(ways)) {
    for (const actor of ['admin', 'lead', 'stranger'] as const) {
      expect([name, actor, (await send(actor, '')).status]).toEqual([name, actor, 404]);
    }
    expect((await send('anonymous', '')).status).toBe(401);
  }
  expect((await ways['get']?.('member', ''))?.status).toBe(200);
  expect((await uses['graphs.runs.start']?.('viewer', 'theirs'))?.status).toBe(403);
  expect((await changes['graphs.save']?.('viewer', 'new'))?.status).toBe(403);
});
