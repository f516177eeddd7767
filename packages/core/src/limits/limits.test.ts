import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory, emptySource } from '../access/directory.ts';
import { createKey } from '../keys/verbs.ts';
import { setItem } from '../servers/items.ts';
import { createServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, silentLog, unbounded, type TestCore } from '../testing.ts';
import { createCounters, minuteMs } from './counters.ts';
import { createLimits } from './limits.ts';
import { requestLimits } from './schema.ts';
import { createSharing } from './sharing.ts';
import { take, type WindowCount } from './window.ts';

const start = 1_800_000_000_000 - (1_800_000_000_000 % minuteMs);

describe('take', () => {
  it('counts down within a minute and starts again at its end', () => {
    let counted: WindowCount | undefined;
    function ask(now: number) {
      const result = take(counted, { limit: 3, now, windowMs: minuteMs });
      counted = result.counted;
      return result.state;
    }
    expect(ask(start)).toEqual({
      allowed: true,
      limit: 3,
      remaining: 2,
      resetAt: start / 1_000 + 60,
      retryAfterSeconds: 0,
    });
    expect(ask(start + 1)).toMatchObject({ allowed: true, remaining: 1 });
    expect(ask(start + 2)).toMatchObject({ allowed: true, remaining: 0 });
    expect(ask(start + 59_999)).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 1 });
    expect(ask(start + 20_000)).toMatchObject({ allowed: false, retryAfterSeconds: 40 });
    expect(ask(start + 60_000)).toMatchObject({ allowed: true, remaining: 2, resetAt: start / 1_000 + 120 });
  });

  it('never lets more through in a minute than the limit, whenever they come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 5 * minuteMs }), { maxLength: 200 }),
        (limit, times) => {
          let counted: WindowCount | undefined;
          const through = new Map<number, number>();
          for (const time of times.toSorted((a, b) => a - b)) {
            const result = take(counted, { limit, now: time, windowMs: minuteMs });
            counted = result.counted;
            const minute = Math.floor(time / minuteMs);
            if (result.state.allowed) through.set(minute, (through.get(minute) ?? 0) + 1);
          }
          return [...through.values()].every((count) => count <= limit);
        },
      ),
    );
  });
});

function key(id: string, callsPerMinute: number | null) {
  return {
    name: id,
    id,
    userId: 'u',
    scopes: ['*'],
    ...unbounded,
    callsPerMinute,
  };
}

function make() {
  let now = start;
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) };
  const counters = createCounters(clock.now, 100);
  const directory = createDirectory();
  directory.load({ ...emptySource, keys: [key('limited', 2), key('free', null)] });
  const settings = { requestsPerMinute: requestLimits, registrationsPerHour: 10 };
  return { clock, counters, limits: createLimits({ counters, directory, settings: () => settings, now: clock.now }) };
}

describe('requests of the documented API', () => {
  it('are counted by address, user and role', () => {
    const { limits } = make();
    const user = { type: 'user', id: 'u', username: 'u', role: 'user', sessionId: 's' } as const;
    expect(limits.request({ type: 'anonymous' }, '192.0.2.1')).toMatchObject({ limit: 100, remaining: 99 });
    expect(limits.request({ type: 'anonymous' }, '192.0.2.2')).toMatchObject({ remaining: 99 });
    expect(limits.request(user, '192.0.2.1')).toMatchObject({ limit: 1_000, remaining: 999 });
    const byKey = {
      type: 'key',
      id: 'k',
      userId: 'u',
      username: 'u',
      role: 'user',
      scopes: [],
      bounds: unbounded,
    } as const;
    expect(limits.request(byKey, null)).toMatchObject({ limit: 1_000, remaining: 998 });
    expect(limits.request({ ...user, id: 'a', role: 'admin' }, null)).toMatchObject({ limit: 5_000 });
    expect(limits.request({ type: 'local' }, null)).toMatchObject({ limit: 5_000 });
  });

  it('end at the limit and begin again with the next minute', () => {
    const { limits, clock } = make();
    function ask() {
      return limits.request({ type: 'anonymous' }, '192.0.2.1');
    }
    for (let count = 0; count < requestLimits.anonymous; count += 1) expect(ask().allowed).toBe(true);
    expect(ask()).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 60 });
    clock.advance(minuteMs);
    expect(ask()).toMatchObject({ allowed: true, remaining: 99 });
  });
});

describe('calls', () => {
  it('have the limits of their key and their tool, and none otherwise', () => {
    const { limits } = make();
    function call(credential: string, tool = 'read') {
      return limits.call(credential, 'files', tool);
    }
    expect([call('key:u:limited'), call('key:u:limited')]).toEqual([null, null]);
    expect(call('key:u:limited', 'other')).toMatchObject({ allowed: false, limit: 2 });
    expect([call('key:u:free'), call('user:u:x'), call('local')]).toEqual([null, null, null]);
    limits.setTools(new Map([['tool:files/read', 1]]));
    expect(call('user:u:x')).toBeNull();
    expect(call('user:other:x')).toMatchObject({ allowed: false, limit: 1 });
    expect(call('user:u:x', 'write')).toBeNull();
  });

  it('keep few buckets, however many there are', () => {
    const { counters } = make();
    for (let count = 0; count < 1_000; count += 1) counters.take(`bucket-${count}`, 1);
    expect(counters.take('bucket-0', 1).allowed).toBe(true);
    expect(counters.take('bucket-999', 1).allowed).toBe(false);
    expect(counters.drain().length).toBeLessThanOrEqual(101);
  });
});

describe('in the hub', () => {
  let hub: TestCore;
  beforeAll(async () => {
    hub = await makeTestCore();
  });
  afterAll(() => hub.close());

  it('a key’s and a tool’s limit hold as soon as they are set', async () => {
    await createServer(hub.ctx(), makeRemoteDraft({ id: 'files' }));
    hub.runtime.setCatalog('files', ['read']);
    const { id } = await createKey(hub.ctx(), { name: 'k', callsPerMinute: 1 });
    function call(credential: string) {
      return hub.core.limits.call(credential, 'files', 'read');
    }
    expect(call(`key:${hub.admin.id}:${id}`)).toBeNull();
    expect(call(`key:${hub.admin.id}:${id}`)).toMatchObject({ allowed: false });
    const item = await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'read', callsPerMinute: 1 });
    expect(item).toMatchObject({ callsPerMinute: 1, enabled: true });
    expect(call('user:a:b')).toBeNull();
    expect(call('user:a:b')).toMatchObject({ allowed: false, limit: 1 });
    await setItem(hub.ctx(), { id: 'files', type: 'tool', name: 'read', callsPerMinute: null });
    expect(call('user:a:b')).toBeNull();
  });

  it('replicas count together', async () => {
    function now() {
      return start;
    }
    function replica() {
      const counters = createCounters(now);
      return { counters, sharing: createSharing({ db: hub.testDb.db, counters, now, log: silentLog }) };
    }
    const [one, two] = [replica(), replica()];
    for (let count = 0; count < 6; count += 1) one.counters.take('user:u', 10);
    for (let count = 0; count < 3; count += 1) two.counters.take('user:u', 10);
    await one.sharing.exchange();
    await two.sharing.exchange();
    expect(two.counters.take('user:u', 10)).toMatchObject({ allowed: true, remaining: 0 });
    expect(two.counters.take('user:u', 10)).toMatchObject({ allowed: false });
    one.counters.take('user:u', 10);
    await two.sharing.exchange();
    await one.sharing.exchange();
    expect(one.counters.take('user:u', 10)).toMatchObject({ allowed: false });
  });
});
