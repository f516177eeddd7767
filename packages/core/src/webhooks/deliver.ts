import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { DomainError, messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import { signatureHeader } from '../signature.ts';
import { storable } from '../storable.ts';
import { openSecret, type WebhookRow } from './rows.ts';

const { webhooks, webhookDeliveries } = tables;
type DeliveryRow = typeof webhookDeliveries.$inferSelect;

const postMs = 30_000;
/** The first one, and three more. */
const mostAttempts = 4;
/** Bytes of an answer that are kept. */
const longestAnswer = 8_192;
const longestError = 2_000;

/** Headers of a post: receivers make the same HMAC-SHA-256 of the body and compare. */
export function headersOf(secret: string, { id, type, payload }: Pick<DeliveryRow, 'id' | 'type' | 'payload'>) {
  return {
    'content-type': 'application/json',
    'user-agent': 'switchboard-webhook',
    'x-mcphub-event': type,
    'x-mcphub-delivery': id,
    ...signatureHeader(secret, payload),
  };
}

type Result = Pick<DeliveryRow, 'status' | 'answer' | 'error'>;

async function post(ctx: Ctx, hook: WebhookRow, delivery: DeliveryRow): Promise<Result> {
  try {
    const { status, body } = await ctx.callbacks.exchange(
      {
        url: hook.url,
        headers: headersOf(openSecret(ctx, hook), delivery),
        body: delivery.payload,
        allowPrivate: hook.allowPrivate || ctx.policy.allowPrivateUrls,
        signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(postMs)]),
      },
      longestAnswer,
    );
    const isTaken = status >= 200 && status < 300;
    const error = isTaken ? null : say('webhookRefused', { status }).text;
    return { status, answer: storable(body, longestAnswer), error };
  } catch (error) {
    return { status: null, answer: null, error: storable(messageOf(error), longestError) };
  }
}

/**
 * Posts a delivery once and writes down how it went. A try is counted before it is made: a hub that is killed in it has
 * tried, and another one tries again. `last`: where it fails, it has failed for good.
 */
async function attempt(ctx: Ctx, hook: WebhookRow, delivery: DeliveryRow, last: boolean): Promise<Result> {
  const attempts = delivery.attempts + 1;
  const attemptedAt = new Date(ctx.clock.now());
  await ctx.db.update(webhookDeliveries).set({ attempts, attemptedAt }).where(eq(webhookDeliveries.id, delivery.id));
  const startedAt = performance.now();
  const result = await post(ctx, hook, delivery);
  const state = result.error === null ? 'delivered' : last || attempts >= mostAttempts ? 'failed' : 'waiting';
  await ctx.db
    .update(webhookDeliveries)
    .set({ ...result, state, durationMs: performance.now() - startedAt })
    .where(eq(webhookDeliveries.id, delivery.id));
  return result;
}

async function find(ctx: Ctx, id: string) {
  const [found] = await ctx.db
    .select({ hook: webhooks, delivery: webhookDeliveries })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(eq(webhookDeliveries.id, id));
  return found ?? null;
}

/** Posts a delivery that waits. Throws where that has to be tried again. */
export async function deliver(ctx: Ctx, id: string): Promise<void> {
  const found = await find(ctx, id);
  if (found?.delivery.state !== 'waiting') return;
  const { hook, delivery } = found;
  if (!hook.enabled || delivery.attempts >= mostAttempts) {
    const error = say(hook.enabled ? 'webhookLost' : 'webhookOff').text;
    await ctx.db.update(webhookDeliveries).set({ state: 'failed', error }).where(eq(webhookDeliveries.id, id));
    return;
  }
  const { error } = await attempt(ctx, hook, delivery, false);
  if (error !== null && delivery.attempts + 1 < mostAttempts) {
    throw new DomainError('unavailable', say('webhookNotTold', { reason: error }));
  }
}

/** Posts a delivery now and once, whether its address is enabled or not. */
export async function deliverOnce(ctx: Ctx, id: string): Promise<void> {
  const found = await find(ctx, id);
  if (found) await attempt(ctx, found.hook, found.delivery, true);
}
