import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../support/people.ts';
import { serverRights } from './rights.ts';
import { restRows, trpcRows } from './rows/index.ts';
import { type ActorName, actors, createWorld, serverNames, type World } from './world.ts';

/** An alert about a server is for who sees the server, and whoever may operate it takes care of it. */

let world: World;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  // The hub looks once a minute, and would end what it does not find.
  await world.app.connection.run('update alert_rules set enabled = false');
});
afterAll(() => world.stop());

/** An alert about a server, or about the hub. */
async function fire(serverId: string | null): Promise<string> {
  const id = `alert-${(count += 1)}`;
  const reason = { code: 'alertServerFails', params: { server: serverId ?? '' }, text: 'It does not run.' };
  await world.app.connection.run(
    `insert into alerts (id, rule_id, subject, server_id, severity, state, reason, detail, since, fired_at)
     values ($1, 'server-failing', $1, $2, 'critical', 'firing', $3::jsonb, 'its log', now(), now())`,
    [id, serverId, reason],
  );
  return id;
}

function ask(actor: ActorName, way: string, id: string) {
  const { json } = world.callers[actor];
  if (way === 'rest') return json(`/api/monitoring/alerts/${id}/acknowledge`, { method: 'POST' });
  return json('/trpc/alerts.acknowledge', { method: 'POST', body: { id } });
}

/** Whoever may do it to anything at all: viewers and keys that are confined or only read are refused before. */
const never: ActorName[] = ['viewer', 'keyRead', 'keyBound', 'keyStack', 'keyEngine'];

function statusFor(actor: ActorName, serverId: (typeof serverNames)[number] | null): number {
  if (actor === 'anonymous') return 401;
  if (never.includes(actor)) return 403;
  if (serverId === null) return actor === 'admin' ? 200 : 404;
  const rights = serverRights[actor][serverId];
  if (rights.includes('manage')) return 200;
  return rights.includes('see') ? 403 : 404;
}

test('every row that stands elsewhere is here', () => {
  const all = Object.entries({ ...trpcRows, ...restRows });
  const here = all.filter(([, row]) => 'elsewhere' in row && row.elsewhere.includes(': alerts.test.ts'));
  expect(here.map(([name]) => name).toSorted()).toEqual(['alerts.acknowledge', 'hub.alerts.acknowledge']);
});

describe.each(['trpc', 'rest'])('to take care of an alert over %s', (way) => {
  test.each([...serverNames, null])('about %s is for those who may operate the server', async (serverId) => {
    for (const actor of actors) {
      const id = await fire(serverId);
      expect([actor, (await ask(actor, way, id)).status]).toEqual([actor, statusFor(actor, serverId)]);
    }
  });
});

test('a key that may read metrics and no servers is shown what is about the hub alone', async () => {
  await fire(null);
  await fire('shared');
  const scopes = ['metrics.read', 'alert.read'];
  const { key } = await world.callers.admin.client().keys.create.mutate({ name: 'metrics', scopes });
  const { body } = await callerOf(world.app, key).json('/api/monitoring/alerts?limit=200');
  const items: { serverId: string | null }[] = body.data.items;
  expect([...new Set(items.map(({ serverId }) => serverId))]).toEqual([null]);
});

test('lists show what is about servers that one sees, and what their logs say to who may read those', async () => {
  for (const actor of actors.filter((name) => name !== 'anonymous')) {
    const { body } = await world.callers[actor].json('/api/monitoring/alerts?limit=200');
    const items: { serverId: string | null; detail: string | null }[] = body.data.items;
    const seen = new Set(items.map(({ serverId }) => serverId));
    const wanted = serverNames.filter((name) => serverRights[actor][name].includes('see'));
    expect([actor, seen]).toEqual([actor, new Set(actor === 'admin' ? [...wanted, null] : wanted)]);
    for (const { serverId, detail } of items) {
      const mayRead =
        serverId === null || serverRights[actor][serverId as (typeof serverNames)[number]].includes('manage');
      expect([actor, serverId, detail]).toEqual([actor, serverId, mayRead ? 'its log' : null]);
    }
  }
});
