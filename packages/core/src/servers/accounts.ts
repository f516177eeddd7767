import { isNotNull, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { Ctx, HubServices } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { hasField } from './kinds/table.ts';
import type { NewServerRow, ServerRow } from './rows.ts';

/** The account that a new process server gets where none is chosen. */
export function usualAccount({ hub: { accounts } }: { hub: Pick<HubServices, 'accounts'> }): ServerRow['account'] {
  return accounts.range === null ? 'shared' : 'own';
}

/** Any fixed number: of two that look for a free uid, one waits until the other has stored its own. */
const lockId = 724_511_904;

/** A free uid of the range. Uids that were returned are used last, because files of theirs may remain. */
async function takeUid({ hub: { accounts }, db }: Ctx): Promise<number> {
  const { range, unavailable } = accounts;
  const own = { field: 'account', value: 'own' };
  if (range === null) throw new DomainError('precondition', unavailable ?? say('noAccounts'), own);
  await db.execute(sql`select pg_advisory_xact_lock(${lockId})`);
  const [next] = await db.execute<{ turn: string }>(sql`select nextval('uid_turns') as turn`);
  const taken = await loadOwnUids(db);
  const size = range.last - range.first + 1;
  for (let step = 0; step < size; step += 1) {
    const uid = range.first + ((Number(next?.turn ?? 0) + step) % size);
    if (!taken.has(uid) && accounts.claim(uid)) return uid;
  }
  throw new DomainError('precondition', say('allUidsTaken', { size }), own);
}

/** Every uid that a server has, or had before and keeps. */
export async function loadOwnUids(db: Db): Promise<Set<number>> {
  const { ownUid } = tables.servers;
  const rows = await db.select({ uid: ownUid }).from(tables.servers).where(isNotNull(ownUid));
  return new Set(rows.map(({ uid }) => uid ?? 0));
}

function isUsable({ hub }: Ctx, uid: number | null): boolean {
  const { range } = hub.accounts;
  return uid !== null && (range === null || (range.first <= uid && uid <= range.last));
}

/** The row with a uid where it runs under its own account and has none yet, or one of a range of before. */
export async function withUid<Row extends NewServerRow>(ctx: Ctx, row: Row): Promise<Row> {
  return !hasField(row.kind, 'account') || row.account === 'shared' || isUsable(ctx, row.ownUid)
    ? row
    : { ...row, ownUid: await takeUid(ctx) };
}
