import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { say } from '../reasons.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import {
  changedSecrets,
  listVersions,
  mostVersions,
  recordVersion,
  removeVersions,
  requireReferences,
  requireVersion,
} from './versions.ts';

function state(content: string, fingerprints: Record<string, string> = {}) {
  return { snapshot: { engine: 'local', content, env: null }, fingerprints };
}

describe('versions', () => {
  let hub: TestCore;
  let count = 0;
  beforeAll(async () => {
    hub = await makeTestCore();
  });
  afterAll(() => hub?.close());

  function fresh() {
    count += 1;
    return { kind: 'stack', id: `entity-${count}` } as const;
  }
  function record(entity: ReturnType<typeof fresh>, ...rest: [ReturnType<typeof state>, object?]) {
    const ctx = hub.ctx();
    return ctx.db.transaction((db) => recordVersion({ ...ctx, db }, entity, ...rest));
  }
  async function numbersOf(entity: ReturnType<typeof fresh>) {
    return (await listVersions(hub.ctx(), entity)).map(({ number }) => number);
  }

  it('are counted by entity, and tell who and when', async () => {
    const [one, other] = [fresh(), fresh()];
    await record(one, state('a'));
    hub.clock.advance(60_000);
    await record(one, state('b'), { restored: 1 });
    await record(other, state('a'));
    const at = new Date(hub.clock.now());
    expect(await listVersions(hub.ctx(), one)).toEqual([
      { number: 2, at, by: 'admin', restored: 1 },
      { number: 1, at: new Date(at.getTime() - 60_000), by: 'admin', restored: null },
    ]);
    expect(await numbersOf(other)).toEqual([1]);
    expect(await requireVersion(hub.ctx(), one, 1)).toEqual(state('a'));
    const absent = { code: 'not_found', message: expect.stringContaining('no version 3') };
    await expect(requireVersion(hub.ctx(), one, 3)).rejects.toMatchObject(absent);
  });

  it('are made by changes alone, of secret values too', async () => {
    const entity = fresh();
    await record(entity, state('a', { KEY: 'x' }));
    await record(entity, state('a', { KEY: 'x' }));
    expect(await numbersOf(entity)).toEqual([1]);
    await record(entity, state('a', { KEY: 'y', MORE: 'z' }));
    expect(await numbersOf(entity)).toEqual([2, 1]);
    const [from, to] = [await requireVersion(hub.ctx(), entity, 1), await requireVersion(hub.ctx(), entity, 2)];
    expect(changedSecrets(from, to)).toEqual(['KEY']);
  });

  it('begin with what was there before the first of them', async () => {
    const entity = fresh();
    const before = { ...state('old'), at: new Date(1_000) };
    await record(entity, state('new'), { before });
    expect(await listVersions(hub.ctx(), entity)).toMatchObject([
      { number: 2, by: 'admin' },
      { number: 1, by: null, at: new Date(1_000) },
    ]);
    await record(entity, state('newer'), { before: { ...before, ...state('ignored') } });
    expect(await numbersOf(entity)).toEqual([3, 2, 1]);
    const unchanged = fresh();
    await record(unchanged, state('old'), { before });
    expect(await numbersOf(unchanged)).toEqual([1]);
  });

  it('get a number each where changes come at once', async () => {
    const entity = fresh();
    await Promise.all(Array.from({ length: 8 }, (_, index) => record(entity, state(`text ${index}`))));
    expect(await numbersOf(entity)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('are there only where the change is', async () => {
    const entity = fresh();
    const ctx = hub.ctx();
    const undone = ctx.db.transaction(async (db) => {
      await recordVersion({ ...ctx, db }, entity, state('a'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await numbersOf(entity)).toEqual([]);
  });

  it('are bounded in number and in size, the newest excepted', async () => {
    async function seed(count: number, bytes: number) {
      const entity = fresh();
      const rows = Array.from({ length: count }, (_, index) => {
        const { snapshot, fingerprints } = state(`text ${index}`);
        const { kind, id: entityId } = entity;
        return { kind, entityId, number: index + 1, at: new Date(1_000), snapshot, fingerprints, bytes };
      });
      await hub.ctx().db.insert(tables.versions).values(rows);
      return entity;
    }
    const many = await seed(mostVersions + 2, 100);
    await record(many, state('new'));
    const kept = await numbersOf(many);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([mostVersions, mostVersions + 3, 4]);
    const large = await seed(4, 3 * 1024 ** 2);
    await record(large, state('new'));
    expect(await numbersOf(large)).toEqual([5, 4, 3]);
    await record(large, state('d'.repeat(9 * 1024 ** 2)));
    expect(await numbersOf(large)).toEqual([6]);
  });

  it('stay when who made them is gone, and go with what they are of', async () => {
    const entity = fresh();
    const author = await hub.addUser('admin', 'author');
    const ctx = hub.ctx(author);
    await ctx.db.transaction((db) => recordVersion({ ...ctx, db }, entity, state('a')));
    await ctx.db.delete(tables.users).where(eq(tables.users.id, author.id));
    expect(await listVersions(hub.ctx(), entity)).toMatchObject([{ by: 'author' }]);
    await removeVersions(hub.ctx(), entity);
    expect(await numbersOf(entity)).toEqual([]);
  });
});

it('a restore names all that is gone', () => {
  expect(() => requireReferences(3, [])).not.toThrow();
  const gone = [
    { field: 'engine', why: say('goneEngine', { name: 'far' }) },
    { field: 'env', why: say('goneValues', { names: 'KEY' }) },
  ];
  expect(() => requireReferences(3, gone)).toThrow(
    expect.objectContaining({
      code: 'precondition',
      message:
        'Version 3 cannot be restored: the engine "far" is not there any more; the environment file has no value for KEY: add it there first.',
    }),
  );
});
