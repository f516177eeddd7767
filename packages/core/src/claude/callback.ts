import { createHmac, randomBytes } from 'node:crypto';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { findRequest, openCallback, type RequestRow } from './requests.ts';

const prefix = 'whsec_';
const postMs = 15_000;

/** A secret as Standard Webhooks writes it. */
export function makeSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** Headers of a post, signed as Standard Webhooks says: HMAC-SHA256 over id, time and body. */
export function signed(secret: string, id: string, seconds: number, body: string): Record<string, string> {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}

/** The body of the callback: the same as the documented API answers. */
function bodyOf({ id, state, completion, stopReason, model, error, createdAt, completedAt }: RequestRow): string {
  return JSON.stringify({
    request_id: id,
    status: state,
    ...(state === 'completed' && { completion, stop_reason: stopReason, model }),
    ...(state === 'failed' && { error }),
    created_at: createdAt.toISOString(),
    completed_at: completedAt?.toISOString() ?? null,
  });
}

/** Posts an answer to its callback. Throws where that has to be tried again. */
export async function tellCallback(ctx: Ctx, id: string): Promise<void> {
  const row = await findRequest(ctx.db, id);
  const callback = row && openCallback(ctx, row);
  if (!row || !callback || row.state === 'processing') return;
  const body = bodyOf(row);
  const status = await ctx.callbacks.post({
    url: callback.url,
    headers: signed(callback.secret, id, Math.floor(ctx.clock.now() / 1_000), body),
    body,
    allowPrivate: row.allowPrivate || ctx.policy.allowPrivateUrls,
    signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(postMs)]),
  });
  if (status >= 300) throw new DomainError('unavailable', say('callbackRefused', { status }));
}
