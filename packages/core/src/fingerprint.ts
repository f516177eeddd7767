import { eq } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { DomainError } from './errors.ts';
import { say } from './reasons.ts';
import type { Secrets } from './secrets.ts';

/** Reads a setting, storing it first where there is none; of two processes one wins. */
export async function readSetting(db: Db, key: string, make: () => string): Promise<string> {
  await db.insert(tables.settings).values({ key, value: make() }).onConflictDoNothing();
  const [row] = await db.select().from(tables.settings).where(eq(tables.settings.key, key));
  return String(row?.value);
}

/** A hub with another key could read none of its secrets: it does not start. */
export async function checkFingerprint(db: Db, secrets: Secrets): Promise<void> {
  const stored = await readSetting(db, 'keyFingerprint', () => secrets.fingerprint);
  if (stored === secrets.fingerprint) return;
  throw new DomainError('precondition', say('keyOfAnotherDatabase'));
}
