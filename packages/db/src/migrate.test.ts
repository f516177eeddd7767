import { expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { createTestDb } from './testing.ts';

it('refuses a database that a newer program has changed, and names the version', async () => {
  await using testDb = await createTestDb();
  const { connection } = testDb;
  await migrate(connection, '0.1.0');
  const later = Date.UTC(2126, 0, 2);
  await connection.sql`
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('of later', ${later})`;
  await connection.sql`
    insert into settings (key, value) values ('schemaVersion', '{"version":"9.1.0"}')
    on conflict (key) do update set value = excluded.value`;
  await expect(migrate(connection, '0.1.0')).rejects.toThrow(
    'A newer Switchboard has changed this database (last on 2126-01-02), and this is 0.1.0: start 9.1.0 or newer.',
  );
  await connection.sql`delete from drizzle.__drizzle_migrations where hash = 'of later'`;
  await migrate(connection, '0.1.0');
});
