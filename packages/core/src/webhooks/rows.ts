import type { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { hiddenSecret, type Delivery, type Webhook } from './schema.ts';

export type WebhookRow = typeof tables.webhooks.$inferSelect;

function place(row: string) {
  return { table: 'webhooks', row, column: 'secret' };
}

export function sealSecret({ secrets }: Pick<Ctx, 'secrets'>, id: string, secret: string): string {
  return secrets.seal(place(id), secret);
}

export function openSecret({ secrets }: Pick<Ctx, 'secrets'>, { id, secret }: WebhookRow): string {
  return secrets.open(place(id), secret);
}

/** A webhook as it is shown, without its secret. */
export function toWebhook({ allowPrivate: _allowPrivate, ...row }: WebhookRow): Webhook {
  return { ...row, secret: hiddenSecret };
}

export function toDelivery({ payload, ...row }: typeof tables.webhookDeliveries.$inferSelect): Delivery {
  return { ...row, request: payload };
}
