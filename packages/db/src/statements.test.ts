import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDb, type Connection } from './client.ts';
import { createTestDb, type TestDb } from './testing.ts';

let testDb: TestDb;
let connection: Connection;
beforeAll(async () => {
  testDb = await createTestDb();
  connection = createDb(testDb.address, { max: 2 });
  await connection.run('create table given (n int)');
});
afterAll(async () => {
  await connection.close();
  await testDb.close();
});

async function count() {
  return (await connection.run('select count(*)::int as n from given')).rows[0]?.['n'];
}

describe('a text of SQL', () => {
  it('takes values as another driver does, and gives moments back as dates', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const { rows } = await connection.run(
      'select $1::timestamptz as at, $2::jsonb as held, $3::text[] as several, $4::int as n, $5::text as nothing',
      [at, { a: [1, { b: 2 }] }, ['x', 'y'], 7, undefined],
    );
    expect(rows).toEqual([{ at, held: { a: [1, { b: 2 }] }, several: ['x', 'y'], n: 7, nothing: null }]);
    expect((await connection.run('select 1 as n where false')).rows).toEqual([]);
  });

  it('may be several statements, whose rows come together', async () => {
    expect((await connection.run('select 1 as n; select 2 as n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('may be a transaction, of which nothing is left where it fails', async () => {
    function text(last: string) {
      return `
      BEGIN;
      SET LOCAL lock_timeout = 30000;
      insert into given values (1);
      select 5 as n;
      ${last};
      COMMIT;
    `;
    }
    expect((await connection.run(text('select 6 as n'))).rows).toEqual([{ n: 5 }, { n: 6 }]);
    expect(await count()).toBe(1);
    // More often than there are connections: none is left in a transaction.
    for (let round = 0; round < 6; round += 1) {
      await expect(connection.run(text('select 1 / 0'))).rejects.toThrow('division by zero');
    }
    expect(await Promise.all([count(), count(), count()])).toEqual([1, 1, 1]);
  });

  it('whose connection is lost costs the pool none', async () => {
    const ended = 'BEGIN; select pg_terminate_backend(pg_backend_pid()); COMMIT;';
    for (let round = 0; round < 6; round += 1) {
      await expect(connection.run(round % 2 === 0 ? ended : ended.slice(7, -8))).rejects.toThrow();
      // The driver may fail the next statement, too; more of them at once than there are connections go well then.
      function all() {
        return Promise.all([count(), count(), count(), count()]).catch(() => null);
      }
      await expect.poll(all).toEqual([1, 1, 1, 1]);
    }
  });
});
