import { sql } from 'drizzle-orm';
import type { Db } from '@switchboard/db';
import { tellFailure } from '../database-away.ts';
import type { Log } from '../ports.ts';
import { newId } from '../secrets.ts';
import type { AgentRunRow } from './rows.ts';

/** One connection to the database that stays the same while it lives, so that locks of its session say that this hub does. */
export interface LockSession {
  run(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

export interface Hubs {
  /** Of this process, among the hubs on the database. */
  readonly id: string;
  /** Says that this hub is there, and takes over what dead ones left, now and from now on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const lookMs = 1_000;
const beatMs = 5_000;
/** A hub that was not seen for so long is dead, whatever its connections say: it is frozen, or cut off. */
const deadAfterMs = 30_000;
const claimedAtOnce = 100;

function lockOf(hubId: string) {
  return `switchboard:hub:${hubId}`;
}

/** Knows which hubs live, and hands their runs on. `take` carries out what this hub took. */
export function createHubs(options: {
  db: Db;
  /** Null: no other hub is known. */
  session: LockSession | null;
  log: Log;
  take: (runs: AgentRunRow[]) => void;
}): Hubs {
  const { db, session, log, take } = options;
  const id = newId();
  if (session === null) return { id, start: () => Promise.resolve(), stop: () => Promise.resolve() };
  const { run } = session;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let lastBeat = 0;
  let looking: Promise<void> = Promise.resolve();

  async function beat(): Promise<void> {
    await run(
      `with seen as (insert into hubs (id, seen) values ($1, clock_timestamp())
         on conflict (id) do update set seen = clock_timestamp())
       select pg_try_advisory_lock(hashtextextended($2, 0))`,
      [id, lockOf(id)],
    );
    lastBeat = performance.now();
  }

  /** A lock that can be had is nobody's: its session is gone. */
  async function isDead(hubId: string): Promise<boolean> {
    const late = await db.execute(sql`select 1 from hubs where id = ${hubId}
      and seen > clock_timestamp() - make_interval(secs => ${deadAfterMs / 1_000})`);
    if (late.length === 0) return true;
    const { rows } = await run(
      `select case when pg_try_advisory_lock(hashtextextended($1, 0))
         then pg_advisory_unlock(hashtextextended($1, 0)) else false end as free`,
      [lockOf(hubId)],
    );
    return rows[0]?.['free'] === true;
  }

  async function claim(hubId: string): Promise<AgentRunRow[]> {
    const rows = await db.execute<{ id: string }>(sql`
      update agent_runs set hub_id = ${id}, epoch = epoch + 1 where id in (
        select id from agent_runs where hub_id = ${hubId} and ended_at is null
        limit ${claimedAtOnce} for update skip locked) returning id`);
    const ids = new Set(rows.map((row) => row.id));
    if (ids.size === 0) return [];
    return db.query.agentRuns.findMany({ where: (run, { inArray }) => inArray(run.id, [...ids]) });
  }

  async function look(): Promise<void> {
    try {
      if (performance.now() - lastBeat >= beatMs) await beat();
      const others = await db.execute<{ hub_id: string }>(
        sql`select distinct hub_id from agent_runs where ended_at is null and hub_id <> ${id}`,
      );
      for (const { hub_id: hubId } of others) {
        if (stopped || !(await isDead(hubId))) continue;
        const claimed = await claim(hubId);
        if (claimed.length > 0) log.warn({ hub: hubId, runs: claimed.length }, 'Took over what a dead hub left');
        if (claimed.length > 0) take(claimed);
      }
    } catch (error) {
      tellFailure(log, 'warn', error, 'What other hubs left was not looked for');
    }
  }

  function later() {
    if (stopped) return;
    timer = setTimeout(() => {
      looking = look().finally(later);
    }, lookMs).unref();
  }

  return {
    id,
    async start() {
      await beat();
      await db.execute(sql`delete from hubs where seen < clock_timestamp() - interval '1 day'`);
      await look();
      later();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      await run('delete from hubs where id = $1', [id]).catch((error: unknown) =>
        tellFailure(log, 'debug', error, 'This hub was not taken off the list'),
      );
    },
  };
}
