import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { tables, type Db } from '@switchboard/db';
import type { TaskRoute, TaskStore } from '@switchboard/mcp-runtime/types';
import { tellFailure } from '../database-away.ts';
import type { Clock, Log } from '../ports.ts';
import { sha256 } from '../secrets.ts';

/** Routes that wait while the database is away; beyond this the oldest are lost. */
const mostWaiting = 10_000;
const mostAtOnce = 500;
const pauseMs = 1_000;
/** The most servers and people for one id. */
const mostFound = 50;

interface UnwrittenRoute {
  route: TaskRoute;
  /** Tells that it is written, or waits on. */
  tell: () => void;
}

export interface TaskRoutes extends TaskStore {
  /** Resolves when everything added before is written, or could not be. */
  flush(): Promise<void>;
}

/** Stores who was given which tasks; those of one moment in one statement. */
export function createTaskRoutes(db: Db, clock: Clock, log: Log): TaskRoutes {
  let waiting: UnwrittenRoute[] = [];
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostAtOnce);
      try {
        const routes = batch.map(({ route }) => route);
        await insertAll(db, routes);
        for (const { tell } of batch) tell();
      } catch (error) {
        tellFailure(log, 'warn', error, 'Routes of tasks wait: they cannot be written for now');
        const all = [...batch, ...waiting];
        for (const { tell } of all) tell();
        waiting = all.slice(-mostWaiting);
        return;
      }
    }
  }

  function drain(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = null;
      if (waiting.length > 0) later(pauseMs);
    });
    return writing;
  }

  function later(ms: number): void {
    timer ??= setTimeout(() => void drain(), ms);
    timer.unref();
  }

  return {
    add: (route) =>
      new Promise((resolve) => {
        waiting.push({ route, tell: resolve });
        if (waiting.length > mostWaiting) waiting.shift()?.tell();
        if (!writing) later(0);
      }),
    async find(taskId, asker) {
      const { person, credential, serverId, task, createdAt, expiresAt } = tables.taskRoutes;
      const found = await db
        .select({ person, credential, serverId })
        .from(tables.taskRoutes)
        .where(and(eq(task, sha256(taskId)), gt(expiresAt, new Date(clock.now()))))
        .orderBy(desc(eq(person, asker)), desc(createdAt))
        .limit(mostFound);
      return found.toReversed();
    },
    async ofServer(at, taskIds) {
      const { person, serverId, task } = tables.taskRoutes;
      const byHash = new Map(taskIds.map((id) => [sha256(id), id]));
      if (byHash.size === 0) return [];
      // One parameter: a server's list may have more tasks than a query has parameters.
      const hashes = JSON.stringify([...byHash.keys()]);
      const found = await db
        .select({ task, person })
        .from(tables.taskRoutes)
        .where(and(eq(serverId, at), sql`${task} in (select jsonb_array_elements_text(${hashes}::text::jsonb))`));
      return found.map((row) => ({ taskId: byHash.get(row.task) ?? '', person: row.person }));
    },
    async flush() {
      await writing;
      await drain();
      clearTimeout(timer);
    },
  };
}

/** Leaves out those of servers that were removed meanwhile. */
async function insertAll(db: Db, routes: readonly TaskRoute[]): Promise<void> {
  const rows = routes.map((route) => ({
    task: sha256(route.taskId),
    server_id: route.serverId,
    person: route.person,
    credential: route.credential,
    expires_at: new Date(route.expiresAt).toISOString(),
  }));
  await db.execute(sql`
    insert into task_routes (task, server_id, person, credential, expires_at, created_at)
    select told.*, clock_timestamp() from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as told (task text, server_id text, person text, credential text, expires_at timestamptz)
    where exists (select 1 from servers where servers.id = told.server_id)
    on conflict do nothing`);
}

/** Forgets the routes of tasks that nobody asks for any more. */
export async function pruneTaskRoutes(db: Db, now: number): Promise<void> {
  await db.delete(tables.taskRoutes).where(lt(tables.taskRoutes.expiresAt, new Date(now)));
}
