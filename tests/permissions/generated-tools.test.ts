import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restRows, trpcRows } from './rows/index.ts';
import { type ActorName, createWorld, type World } from './world.ts';

/** Generated tools have the rights of their servers; to enable one takes the right to run programs besides. */

let world: World;
let hash = '';

beforeAll(async () => {
  world = await createWorld();
  const { json, client } = world.callers.owner;
  const body = { folder_name: 'tool', script_files: { 'main.js': '' }, readme: '', dependencies: '' };
  expect((await json('/mcp/register-tool', { body })).status).toBe(200);
  ({ hash } = await client().generatedTools.get.query({ id: 'tool' }));
  const share = { serverId: 'tool', permissions: ['read', 'execute'] };
  await world.app.json('/api/groups/team/servers', { body: share });
  const manage = { serverId: 'tool', permissions: ['read', 'write', 'execute'] };
  await world.app.json('/api/groups/ops/servers', { body: manage });
});
afterAll(() => world.stop());

const managers: ActorName[] = ['admin', 'owner', 'writer'];
const lookers: ActorName[] = ['lead', 'member'];
const others: ActorName[] = ['stranger', 'manager', 'keeper'];

function send(actor: ActorName, procedure: string, input: object) {
  return world.callers[actor].json(`/trpc/${procedure}`, { method: 'POST', body: input });
}
function look(actor: ActorName) {
  return world.callers[actor].json(`/trpc/generatedTools.get?input=${encodeURIComponent('{"id":"tool"}')}`);
}

test('every row that stands elsewhere is here', () => {
  const all = Object.entries({ ...trpcRows, ...restRows });
  const here = all.filter(([, row]) => 'elsewhere' in row && row.elsewhere.includes(': generated-tools.test.ts'));
  const known = ['change', 'disable', 'enable', 'get', 'remove'];
  expect(here.map(([name]) => name).toSorted()).toEqual(known.map((name) => `generatedTools.${name}`));
});

const waysToManage = {
  get: look,
  change: (actor: ActorName) => send(actor, 'generatedTools.change', { id: 'tool', files: { 'main.js': '' } }),
  disable: (actor: ActorName) => send(actor, 'generatedTools.disable', { id: 'tool' }),
};

describe.each(Object.entries(waysToManage))('generatedTools.%s', (_, ask) => {
  test('is for those who may configure its server', async () => {
    for (const actor of managers) expect([actor, (await ask(actor)).status]).toEqual([actor, 200]);
    for (const actor of lookers) expect([actor, (await ask(actor)).status]).toEqual([actor, 403]);
    for (const actor of others) expect([actor, (await ask(actor)).status]).toEqual([actor, 404]);
    expect((await ask('anonymous')).status).toBe(401);
  });
});

test('lists and names are told to those who see its server', async () => {
  for (const actor of [...managers, ...lookers])
    expect([actor, (await world.callers[actor].json('/mcp/ai-tools')).body]).toEqual([actor, ['tool']]);
  for (const actor of others)
    expect([actor, (await world.callers[actor].json('/mcp/ai-tools')).body]).toEqual([actor, []]);
});

test('to enable it takes the right to run programs', async () => {
  for (const actor of ['owner', 'writer', ...lookers, ...others] as ActorName[]) {
    const { status, body } = await send(actor, 'generatedTools.enable', { id: 'tool', hash });
    expect([actor, status, JSON.stringify(body)]).toEqual([actor, 403, expect.stringContaining('run-process')]);
  }
  await world.app.client().users.update.mutate({ id: 'owner', patch: { grants: ['server.run-process'] } });
  await world.app.client().users.update.mutate({ id: 'stranger', patch: { grants: ['server.run-process'] } });
  expect((await send('stranger', 'generatedTools.enable', { id: 'tool', hash })).status).toBe(404);
  expect((await send('owner', 'generatedTools.enable', { id: 'tool', hash })).status).toBe(200);
});

test('is removed by those who may remove its server', async () => {
  expect((await send('stranger', 'generatedTools.remove', { id: 'tool' })).status).toBe(404);
  expect((await send('lead', 'generatedTools.remove', { id: 'tool' })).status).toBe(403);
  expect((await send('writer', 'generatedTools.remove', { id: 'tool' })).status).toBe(200);
  expect((await look('owner')).status).toBe(404);
});
