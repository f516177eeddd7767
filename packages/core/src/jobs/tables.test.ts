import { PgBoss } from 'pg-boss';
import { expect, it } from 'vitest';
import { createTestDb } from '@switchboard/db/testing';
import { jobsSchema } from './boss.ts';

it('the migrations made the tables that the installed pg-boss knows', async () => {
  await using testDb = await createTestDb();
  const { connection } = testDb;
  const boss = new PgBoss({
    db: { executeSql: (text, values) => connection.run(text, values) },
    schema: jobsSchema,
    migrate: false,
  });
  const drift = await boss.detectSchemaDrift();
  expect(drift).toMatchObject({ ok: true, missingTables: [], mismatched: [], columnDrift: [], extraIndexes: [] });
});
