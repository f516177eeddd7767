import type { RuntimeEvent } from '@switchboard/mcp-runtime/types';
import type { Ctx } from '../context.ts';
import { tellFailure } from '../database-away.ts';
import type { Logged } from '../logs/contract.ts';
import { ofHub } from '../logs/visible-records.ts';
import { announce, type HubEvent } from './outbox.ts';

/** Happenings that wait to be written down. Beyond these they are lost: the hub matters more. */
const mostWaiting = 500;
/** The most errors of the hub's own log that are sent in a minute. */
const errorsAMinute = 20;

function ofStatus({ status, previous }: Extract<RuntimeEvent, { type: 'status' }>, now: number): HubEvent {
  const { id, phase, error, health } = status;
  return {
    type: 'server.status_changed',
    at: new Date(now),
    data: { serverId: id, status: phase, previousStatus: previous, health, error },
    metadata: {},
  };
}

/**
 * Sends events that no verb causes: changed states of servers, and errors of the hub. They are stored one after the
 * other, in inserts of their own. Returns the function that ends it, after the waiting ones are stored.
 */
export function watchForWebhooks(ctx: Ctx): () => Promise<void> {
  let waiting = 0;
  let writing: Promise<void> = Promise.resolve();
  let minute = 0;
  let errors = 0;

  function write(happening: HubEvent) {
    if (waiting >= mostWaiting) return;
    waiting += 1;
    writing = writing
      .then(() => ctx.db.transaction((tx) => announce({ ...ctx, db: tx }, [happening])))
      .catch((error: unknown) => tellFailure(ctx.log, 'warn', error, 'An event for webhooks was not written down'))
      .finally(() => (waiting -= 1));
  }
  function heedLog(logged: Logged) {
    if (logged.source !== 'hub' || logged.line.level !== 'error') return;
    const now = ctx.clock.now();
    if (now - minute >= 60_000) [minute, errors] = [now, 0];
    errors += 1;
    if (errors > errorsAMinute) return;
    const { message, server, requestId, timestamp } = ofHub(logged.line);
    write({
      type: 'system.error',
      at: new Date(timestamp),
      data: { message, serverId: server },
      metadata: { requestId },
    });
  }
  const ends = [
    ctx.logs.subscribe(heedLog),
    ctx.hub.runtime.subscribe((event) => {
      if (event.type === 'status' && event.status.phase !== event.previous) write(ofStatus(event, ctx.clock.now()));
    }),
  ];
  return async () => {
    for (const end of ends) end();
    await writing;
  };
}
