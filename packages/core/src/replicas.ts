import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '@switchboard/db';
import { tellFailure } from './database-away.ts';
import { messageOf } from './errors.ts';
import type { CountEvent, DomainEvent } from './events.ts';
import type { Log } from './ports.ts';

type ReplicaEvent = DomainEvent | CountEvent;

/** Calls back with every message of a channel until it is stopped: LISTEN of PostgreSQL. */
export type Listen = (channel: string, onMessage: (text: string) => void) => Promise<{ stop(): Promise<void> }>;

/** Tells the hubs on the same database what changed, and hears it from them. */
export interface Replicas {
  tell(events: readonly ReplicaEvent[]): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const channel = 'switchboard_events';
/** A message of PostgreSQL has less than 8,000 bytes. */
const eventsAMessage = 40;

const Message = z.object({
  from: z.string(),
  events: z.array(z.looseObject({ type: z.string() })),
});

/** Without `listen` there is no other hub to notify. */
export function createReplicas(options: {
  db: Db;
  listen: Listen | null;
  log: Log;
  /** Events of another hub. */
  onEvents: (events: ReplicaEvent[]) => void;
}): Replicas {
  const { db, listen, log, onEvents } = options;
  const self = randomUUID();
  let listening: { stop(): Promise<void> } | null = null;

  function hear(text: string): void {
    try {
      const { from, events } = Message.parse(JSON.parse(text));
      if (from !== self) onEvents(events as ReplicaEvent[]);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'A message of another hub could not be read');
    }
  }

  return {
    async tell(events) {
      if (!listen) return;
      for (let at = 0; at < events.length; at += eventsAMessage) {
        const text = JSON.stringify({ from: self, events: events.slice(at, at + eventsAMessage) });
        await db.execute(sql`select pg_notify(${channel}, ${text})`).catch((error: unknown) => {
          tellFailure(log, 'warn', error, 'The other hubs hear of a change with their next look only');
        });
      }
    },
    async start() {
      listening = listen ? await listen(channel, hear) : null;
    },
    async stop() {
      await listening?.stop();
    },
  };
}
