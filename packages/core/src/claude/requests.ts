import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import { keyIdOf, userIdOf, type Actor } from '../actor.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { openJson, sealJson } from '../secrets.ts';
import type { ClaudeRequest } from './schema.ts';

const { claudeRequests } = tables;

export type RequestRow = typeof claudeRequests.$inferSelect;

const hourMs = 3_600_000;
/** How long an answer can be fetched. */
export const keptMs = 24 * hourMs;
/** Longer than all tries of a job: what is still not answered is lost. */
const lostMs = 6 * hourMs;

function place(row: string) {
  return { table: 'claude_requests', row, column: 'callback' };
}

/** The URL of the callback, and the secret that signs it. */
export interface Callback {
  url: string;
  secret: string;
}

export function sealCallback({ secrets }: Pick<Ctx, 'secrets'>, id: string, callback: Callback): string {
  return sealJson(secrets, place(id), callback);
}

export function openCallback({ secrets }: Pick<Ctx, 'secrets'>, row: RequestRow): Callback | null {
  return row.callback === null ? null : (openJson(secrets, place(row.id), row.callback) as Callback);
}

export async function findRequest(db: Db, id: string): Promise<RequestRow | null> {
  const [row] = await db.select().from(claudeRequests).where(eq(claudeRequests.id, id));
  return row ?? null;
}

/** A person reads every question of its own, a key only those that it asked; a question of others is absent. */
function isAskers(row: RequestRow, actor: Actor): boolean {
  if (row.userId !== userIdOf(actor)) return false;
  const keyId = keyIdOf(actor);
  return keyId === null || row.keyId === keyId;
}

export async function requireRequest(ctx: Ctx, id: string): Promise<RequestRow> {
  const row = await findRequest(ctx.db, id);
  if (row && isAskers(row, ctx.actor) && row.expiresAt.getTime() > ctx.clock.now()) return row;
  throw new DomainError('not_found', say('noClaudeRequest', { id }), { value: id });
}

/** How many of somebody's questions are kept, and how many of these wait. */
export async function countRequests(db: Db, userId: string | null, now: number) {
  const isTheirs = userId === null ? isNull(claudeRequests.userId) : eq(claudeRequests.userId, userId);
  const isKept = and(isTheirs, gt(claudeRequests.expiresAt, new Date(now)));
  const kept = await db.$count(claudeRequests, isKept);
  return { kept, waiting: await db.$count(claudeRequests, and(isKept, eq(claudeRequests.state, 'processing'))) };
}

type End = Pick<RequestRow, 'state'> & Partial<Pick<RequestRow, 'completion' | 'stopReason' | 'model' | 'error'>>;

/** Writes down how a question ended; false where it had ended already. */
export async function endRequest(db: Db, id: string, end: End, now: number): Promise<boolean> {
  const ended = await db
    .update(claudeRequests)
    .set({ ...end, completedAt: new Date(now), expiresAt: new Date(now + keptMs) })
    .where(and(eq(claudeRequests.id, id), eq(claudeRequests.state, 'processing')))
    .returning({ id: claudeRequests.id });
  return ended.length > 0;
}

/** Forgets what was kept long enough, and gives up what every try left without an answer. */
export async function pruneClaude(db: Db, now: number): Promise<void> {
  await db.delete(claudeRequests).where(lt(claudeRequests.expiresAt, new Date(now)));
  await db
    .update(claudeRequests)
    .set({ state: 'failed', error: say('claudeLost').text, completedAt: new Date(now) })
    .where(and(eq(claudeRequests.state, 'processing'), lt(claudeRequests.createdAt, new Date(now - lostMs))));
}

export function toRequest(row: RequestRow): ClaudeRequest {
  const { id, state, completion, stopReason, model, error, createdAt, completedAt } = row;
  return { id, state, completion, stopReason, model, error, createdAt, completedAt };
}
