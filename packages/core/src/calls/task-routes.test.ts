import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import type { TaskRoute } from '@switchboard/mcp-runtime/types';
import { createServer, removeServer } from '../servers/verbs.ts';
import { makeDraft, makeTestCore, silentLog, type TestCore } from '../testing.ts';
import { createTaskRoutes, pruneTaskRoutes, type TaskRoutes } from './task-routes.ts';

let hub: TestCore;
let routes: TaskRoutes;
const clock = { now: () => Date.now() };
const hour = 3_600_000;

beforeAll(async () => {
  hub = await makeTestCore();
  for (const id of ['files', 'web', 'gone']) await createServer(hub.ctx(), makeDraft({ id }));
  routes = createTaskRoutes(hub.ctx().db, clock, silentLog);
});
afterAll(() => hub.close());

function route(taskId: string, over: Partial<TaskRoute> = {}): TaskRoute {
  return {
    person: 'alice',
    credential: 'key:alice:1',
    serverId: 'files',
    taskId,
    expiresAt: clock.now() + hour,
    ...over,
  };
}
async function keep(...all: TaskRoute[]): Promise<void> {
  await Promise.all(all.map((each) => routes.add(each)));
  await routes.flush();
}

describe('routes of tasks', () => {
  it('are found by the id, whoever was told, and by another hub on the database', async () => {
    await keep(route('t1'), route('t1', { person: 'bob', credential: 'key:bob:2' }), route('t1', { serverId: 'web' }));
    const other = createTaskRoutes(hub.ctx().db, clock, silentLog);
    const found = await other.find('t1', 'alice');
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        { person: 'alice', credential: 'key:alice:1', serverId: 'files' },
        { person: 'bob', credential: 'key:bob:2', serverId: 'files' },
        { person: 'alice', credential: 'key:alice:1', serverId: 'web' },
      ]),
    );
    expect(await other.find('t', 'alice')).toEqual([]);
  });

  it('tell who was told of which of some tasks', async () => {
    await keep(route('s1'), route('s2', { person: 'bob' }), route('s3', { serverId: 'web' }));
    const found = await routes.ofServer('files', ['s1', 's2', 's3', 's4']);
    expect(found.toSorted((a, b) => a.taskId.localeCompare(b.taskId))).toEqual([
      { taskId: 's1', person: 'alice' },
      { taskId: 's2', person: 'bob' },
    ]);
    expect(await routes.ofServer('files', [])).toEqual([]);
  });

  it('are looked up for a list that has more tasks than a query has parameters', async () => {
    await keep(route('m7'));
    const ids = Array.from({ length: 70_000 }, (_, at) => `m${at}`);
    expect(await routes.ofServer('files', ids)).toEqual([{ taskId: 'm7', person: 'alice' }]);
  });

  it('keep the first credential, and any text as an id, the text itself nowhere', async () => {
    const odd = '\u0000\ud800 \' "; drop table task_routes; --';
    await keep(route(odd), route(odd, { credential: 'key:alice:9' }));
    expect(await routes.find(odd, 'alice')).toEqual([
      { person: 'alice', credential: 'key:alice:1', serverId: 'files' },
    ]);
    const rows = await hub.ctx().db.select().from(tables.taskRoutes);
    expect(JSON.stringify(rows)).not.toContain('drop table');
  });

  it('of a server that was removed are gone, and cost no others', async () => {
    await keep(route('g1', { serverId: 'gone' }));
    await removeServer(hub.ctx(), { id: 'gone' });
    expect(await routes.find('g1', 'alice')).toEqual([]);
    await keep(route('g2', { serverId: 'gone' }), route('g3'));
    expect([await routes.find('g2', 'alice'), (await routes.find('g3', 'alice')).length]).toEqual([[], 1]);
  });

  it('are forgotten once they have expired', async () => {
    await keep(route('old', { expiresAt: clock.now() - 1 }), route('new'));
    expect(await routes.find('old', 'alice')).toEqual([]);
    await pruneTaskRoutes(hub.ctx().db, clock.now());
    const rows = await hub.ctx().db.select().from(tables.taskRoutes);
    expect(rows.every(({ expiresAt }) => expiresAt.getTime() > clock.now() - hour)).toBe(true);
    expect((await routes.find('new', 'alice')).length).toBe(1);
    await pruneTaskRoutes(hub.ctx().db, clock.now() + 2 * hour);
    expect(await routes.find('new', 'alice')).toEqual([]);
  });
});
