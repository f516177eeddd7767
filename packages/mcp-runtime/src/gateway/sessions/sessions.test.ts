import { describe, expect, test, vi } from 'vitest';
import { until } from '@switchboard/basics/testing';
import { selectionOf, specOf } from '../../testing.ts';
import { openGateway, type TestGateway, type TestSession } from '../testing.ts';

function ping(id: number) {
  return { jsonrpc: '2.0', id, method: 'ping' };
}
async function statusOf(session: TestSession): Promise<number> {
  return (await session.post(ping(1))).status;
}

/** Opens a session with a sign-in of a person. */
function openAs({ door }: TestGateway, person: string, signIn = person): Promise<TestSession> {
  return door.session({ credential: signIn, headers: { 'x-person': person } });
}

describe('sessions of one person', () => {
  test('are counted over all sign-ins and keys', async () => {
    await using house = await openGateway({ runtime: { caps: { sessionsPerPerson: 2 } } });
    const first = await openAs(house, 'alice', 'alice at home');
    const second = await openAs(house, 'alice', 'a key of alice');
    const other = await openAs(house, 'bob');
    const third = await openAs(house, 'alice', 'alice at work');
    expect(await Promise.all([first, second, other, third].map(statusOf))).toEqual([404, 200, 200, 200]);
  });

  test('make room in the order of their last use', async () => {
    await using house = await openGateway({ runtime: { caps: { sessionsPerPerson: 2 } } });
    const first = await openAs(house, 'alice');
    const second = await openAs(house, 'alice');
    expect(await statusOf(first)).toBe(200);
    await openAs(house, 'alice');
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 404]);
  });

  test('are refused with the cap and its setting where each is in use', async () => {
    await using house = await openGateway({ runtime: { caps: { sessionsPerPerson: 1 } } });
    const held = await openAs(house, 'alice');
    await using _stream = await held.stream('GET');
    await expect(openAs(house, 'alice')).rejects.toThrow('MAX_SESSIONS_PER_PERSON');
  });
});

describe('a full hub', () => {
  test('takes the longest idle of whoever holds most', async () => {
    await using house = await openGateway({ runtime: { caps: { sessions: 4 } } });
    const bobs = await openAs(house, 'bob');
    const alices = [await openAs(house, 'alice', 'a1'), await openAs(house, 'alice', 'a2')];
    const last = await openAs(house, 'alice', 'a3');
    const carols = await openAs(house, 'carol');
    expect(await Promise.all([bobs, ...alices, last, carols].map(statusOf))).toEqual([200, 404, 200, 200, 200]);
  });

  test('gives a session to somebody else though one person keeps a stream open on each', async () => {
    await using house = await openGateway({ runtime: { caps: { sessions: 3 } } });
    const alices = [await openAs(house, 'alice', 'a1'), await openAs(house, 'alice', 'a2')];
    alices.push(await openAs(house, 'alice', 'a3'));
    const streams = await Promise.all(alices.map((session) => session.stream('GET')));
    const admins = await openAs(house, 'admin');
    expect(await statusOf(admins)).toBe(200);
    expect((await Promise.all(alices.map(statusOf))).filter((status) => status === 404)).toHaveLength(1);
    await expect(openAs(house, 'alice', 'a4')).rejects.toThrow('MAX_SESSIONS)');
    for (const stream of streams) stream.close();
  });
});

test('silence counts by a clock that nobody sets', async () => {
  let elapsed = 1000;
  await using house = await openGateway({
    over: { limits: { idleMs: 60_000 } },
    runtime: { sessionIdleMs: 60_000, elapsed: () => elapsed },
  });
  const session = await openAs(house, 'alice');
  const later = vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 2_400_000);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  later.mockRestore();
  expect(await statusOf(session)).toBe(200);
  expect(house.it.runtime.status('s')?.phase).toBe('running');
  elapsed += 60_001;
  await until(() => house.it.runtime.metrics().sessions === 0);
  await house.it.until('s', ({ asleep }) => asleep);
});

test('a right that is taken away holds before anybody is told', async () => {
  await using house = await openGateway({ ids: ['one', 'two'] });
  const sessions = await Promise.all(Array.from({ length: 20 }, (_, i) => openAs(house, `person${i}`)));
  house.it.selections.set('all', selectionOf('all', ['one']));
  house.it.runtime.selectionsChanged();
  for (const session of sessions) {
    await expect(session.request('tools/call', { name: 'two__echo', arguments: {} })).rejects.toThrow('Unknown tool');
  }
});

test('every session hears of a change, and of one that comes meanwhile', async () => {
  await using house = await openGateway({ ids: ['one', 'two'] });
  const sessions = await Promise.all(Array.from({ length: 10 }, (_, i) => openAs(house, `person${i}`)));
  const streams = await Promise.all(sessions.map((session) => session.stream('GET')));
  house.it.selections.set('all', selectionOf('all', ['one']));
  house.it.runtime.selectionsChanged();
  for (const stream of streams) {
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  }
  house.it.apply(specOf('one'), specOf('two'));
  house.it.runtime.selectionsChanged();
  for (const stream of streams) {
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.close();
  }
});
