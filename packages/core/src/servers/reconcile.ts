import { tables, type Db } from '@switchboard/db';
import type { Runtime, ServerSpec } from '@switchboard/mcp-runtime/types';
import { asc, gt, isNull, or } from 'drizzle-orm';
import type { Clock, Log, Policy } from '../context.ts';
import { messageOf } from '../errors.ts';
import type { Secrets } from '../secrets.ts';
import type { Selector } from '../selection.ts';
import { loadServers, type ServerRow } from './queries.ts';
import { toSpec } from './spec.ts';

export interface Reconciler {
  /** Resolves when what the database held at the time of asking is in force; never rejects. */
  now(): Promise<void>;
  start(everyMs: number): void;
  stop(): Promise<void>;
}

const { users, apiKeys } = tables;

/** Makes the runtime's specs and the selection follow the database: after each change, and on a timer. */
export const createReconciler = (options: {
  db: Db;
  runtime: Runtime;
  selector: Selector;
  secrets: Secrets;
  policy: Policy;
  clock: Clock;
  log: Log;
}): Reconciler => {
  const { db, runtime, selector, log } = options;
  const specs = new Map<string, ServerSpec>();
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const specOf = (row: ServerRow): ServerSpec | null => {
    const known = specs.get(row.id);
    if (known?.revision === row.revision && known.desired === row.desired) return known;
    try {
      const { spec } = toSpec(row, options.secrets, options.policy);
      specs.set(row.id, spec);
      return spec;
    } catch (error) {
      log.error({ server: row.id, error: messageOf(error) }, 'A server cannot be run as it is stored');
      return null;
    }
  };

  const follow = async (): Promise<void> => {
    try {
      const [servers, items, people, keys] = await Promise.all([
        loadServers(db),
        db.select().from(tables.serverItems).orderBy(asc(tables.serverItems.serverId), asc(tables.serverItems.name)),
        db.select({ id: users.id, username: users.username, role: users.role, disabled: users.disabled }).from(users),
        db
          .select({ id: apiKeys.id, userId: apiKeys.userId, scopes: apiKeys.scopes })
          .from(apiKeys)
          .where(or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, new Date(options.clock.now())))),
      ]);
      const known = new Set(servers.map((row) => row.id));
      for (const id of specs.keys()) if (!known.has(id)) specs.delete(id);
      runtime.apply(servers.map(specOf).filter((spec) => spec !== null));
      const changed = selector.load({
        servers: servers.map(({ id, name, createdBy, desired }) => ({ id, name, createdBy, desired })),
        items,
        users: people,
        keys,
      });
      if (changed) runtime.selectionsChanged();
    } catch (error) {
      log.error({ error: messageOf(error) }, 'The runtime could not be brought up to date; it is tried again');
    }
  };

  const run = (): Promise<void> => {
    running = follow().finally(() => {
      running = null;
    });
    return running;
  };

  const now = (): Promise<void> => {
    if (!running) return run();
    // What runs may have read before the change: one more follows, shared by all who ask meanwhile.
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  };

  return {
    now,
    start(everyMs) {
      timer = setInterval(() => void now(), everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await (next ?? running);
    },
  };
};
