import { randomUUIDv7 } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { AuditRow } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { storable } from '../storable.ts';
import { deliverWebhook } from './request.ts';
import type { WebhookEvent } from './schema.ts';

/** An event, before its receivers are known. */
export interface HubEvent {
  type: WebhookEvent | 'webhook.test';
  at: Date;
  data: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
}

/** Version of the payload. */
const version = '1.0';
/** Characters of a payload; what has more goes without its details. */
const longestPayload = 65_536;

const eventOfAction: Readonly<Record<string, WebhookEvent>> = {
  'server.create': 'server.created',
  'server.configure': 'server.updated',
  'server.share': 'server.updated',
  'server.give': 'server.updated',
  'server.remove': 'server.deleted',
  'group.create': 'group.created',
  'group.remove': 'group.deleted',
  'session.create': 'user.login',
  'session.end': 'user.logout',
  'audit.configure': 'config.changed',
  'config.change': 'config.changed',
};

/** Every other change of a group. */
const changesGroup = /^group\.(?:update|widen|leave|add|approve|remove)/;

function eventOf(action: string): WebhookEvent | null {
  const known = eventOfAction[action];
  if (known) return known;
  return changesGroup.test(action) ? 'group.updated' : null;
}

const idNames = { server: 'serverId', group: 'groupId', user: 'userId', config: 'section' } as const;

/** The event for others that an audit row stands for; null where there is none. */
export function happeningOf(row: AuditRow): HubEvent | null {
  const type = row.outcome === 'ok' ? eventOf(row.action) : null;
  if (type === null) return null;
  const family = type.slice(0, type.indexOf('.')) as keyof typeof idNames;
  const id = family === 'user' ? row.userId : row.subject;
  return {
    type,
    at: row.at,
    data: {
      [idNames[family]]: id,
      ...(family === 'user' && { username: row.actorName }),
      action: row.action,
      details: row.details,
    },
    metadata: {
      actor: { type: row.actorType, userId: row.userId, username: row.actorName },
      requestId: row.requestId,
      address: row.address,
    },
  };
}

/** The body that is posted for an event. */
export function payloadOf(eventId: string, { type, at, data, metadata }: HubEvent): string {
  const event = { id: eventId, type, timestamp: at.toISOString(), version, data, metadata };
  const text = JSON.stringify(event);
  const short = { ...event, data: { ...data, details: null, cut: true } };
  return storable(text.length <= longestPayload ? text : JSON.stringify(short), longestPayload);
}

function wants(events: readonly string[], type: string): boolean {
  return events.some((word) => word === '*' || word === type || word === `${type.slice(0, type.indexOf('.'))}.*`);
}

type Storing = Pick<Ctx, 'db' | 'jobs' | 'clock'>;

/** Stores that a webhook has to be sent an event, and queues the job, on the caller's connection. */
export async function enqueue(
  ctx: Storing,
  webhookId: string,
  { eventId, type, payload }: { eventId: string; type: string; payload: string },
): Promise<string> {
  const id = randomUUIDv7();
  const createdAt = new Date(ctx.clock.now());
  await ctx.db.insert(tables.webhookDeliveries).values({ id, webhookId, eventId, type, payload, createdAt });
  await ctx.jobs.send(ctx.db, deliverWebhook, { deliveryId: id });
  return id;
}

/** Writes down for everybody who wants to know what happened. Within the transaction of a change it shares its fate. */
export async function announce(ctx: Storing, happenings: readonly HubEvent[]): Promise<void> {
  if (happenings.length === 0) return;
  const { webhooks } = tables;
  const hooks = await ctx.db
    .select({ id: webhooks.id, events: webhooks.events })
    .from(webhooks)
    .where(eq(webhooks.enabled, true));
  if (hooks.length === 0) return;
  for (const happening of happenings) {
    const eventId = `evt_${randomUUIDv7()}`;
    const payload = payloadOf(eventId, happening);
    for (const { id, events } of hooks) {
      if (wants(events, happening.type)) await enqueue(ctx, id, { eventId, type: happening.type, payload });
    }
  }
}
