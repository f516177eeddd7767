import { tables, type Db } from '@switchboard/db';
import { eq, sql } from 'drizzle-orm';
import { Retention } from './schema.ts';

const key = 'retention';
const dayMs = 86_400_000;

/** How long history is kept. */
export const readRetention = async (db: Db): Promise<Retention> => {
  const [row] = await db.select().from(tables.settings).where(eq(tables.settings.key, key));
  const stored = Retention.safeParse(row?.value ?? {});
  return stored.success ? stored.data : Retention.parse({});
};

export const writeRetention = async (db: Db, value: Retention, now: Date): Promise<void> => {
  const change = { value, updatedAt: now };
  await db
    .insert(tables.settings)
    .values({ key, ...change })
    .onConflictDoUpdate({ target: tables.settings.key, set: change });
};

/** Removes what is older than it is kept; the database lets nothing else remove history. */
export const pruneHistory = async (db: Db, now: number): Promise<void> => {
  const { callsDays, auditDays } = await readRetention(db);
  const before = (days: number) => new Date(now - days * dayMs).toISOString();
  await db.execute(sql`select prune_history(${before(callsDays)}::timestamptz, ${before(auditDays)}::timestamptz)`);
};
