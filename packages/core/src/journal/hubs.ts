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

/** The runs that this hub carries out. */
export interface HubWork {
  /** Runs that go here, with the epoch each is held by. */
  going(): ReadonlyMap<string, number>;
  /** Carries on what this hub took over. */
  take(runs: AgentRunRow[]): void;
  /** Ends a run here that somebody gave up at another hub, or that is not this hub's any more. */
  drop(runId: string, why: 'cancelled' | 'lost'): void;
}

export interface Hubs {
  /** Of this process, among the hubs on the database. */
  readonly id: string;
  /** Registers this hub as alive, and takes over the work of dead ones, now and from now on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const lookMs = 1_000;
const beatMs = 5_000;
/** A hub that was not seen for so long is dead, whatever its connections say: it is frozen, or cut off. */
const deadAfterMs = 30_000;
const claimedAtOnce = 100;
/** A run that is this hub's, and was not seen to go here in so many looks, is one that it lost hold of. */
const mostMissed = 5;

interface OpenRun extends Record<string, unknown> {
  id: string;
  hub_id: string | null;
  epoch: number;
  cancelled: boolean;
}

function lockOf(hubId: string) {
  return `switchboard:hub:${hubId}`;
}

/** Knows which hubs live, and hands their runs on. */
export function createHubs(options: {
  db: Db;
  /** Null: no other hub is known. */
  session: LockSession | null;
  log: Log;
  work: HubWork;
}): Hubs {
  const { db, session, log, work } = options;
  const id = newId();
  if (session === null) return { id, start: () => Promise.resolve(), stop: () => Promise.resolve() };
  const { run } = session;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let lastBeat = 0;
  let looking: Promise<void> = Promise.resolve();
  /** Looks in which a run of this hub was not going, by `id/epoch`. */
  let missed = new Map<string, number>();
  /** Runs that go here, and that the last look found no row of. */
  let gone = new Set<string>();

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

  /** Takes runs of a hub, or those of them that are named. */
  async function claim(hubId: string, only?: readonly string[]): Promise<void> {
    const named = only === undefined ? sql`` : sql`and id = any(${sql.param([...only])})`;
    const rows = await db.execute<{ id: string }>(sql`
      update agent_runs set hub_id = ${id}, epoch = epoch + 1 where id in (
        select id from agent_runs where hub_id = ${hubId} and ended_at is null ${named}
        limit ${claimedAtOnce} for update skip locked) returning id`);
    const ids = new Set(rows.map((row) => row.id));
    if (ids.size === 0) return;
    log.warn({ hub: hubId, runs: ids.size }, 'Took over runs that nobody carried on');
    work.take(await db.query.agentRuns.findMany({ where: (run, { inArray }) => inArray(run.id, [...ids]) }));
  }

  /** Ends runs that this hub carries out and no longer holds. `going` was read before the database was. */
  function dropLost(going: ReadonlyMap<string, number>, open: ReadonlyMap<string, OpenRun>): void {
    const before = gone;
    gone = new Set();
    for (const [runId, epoch] of going) {
      const row = open.get(runId);
      // A run that just ended can still be listed here for a moment.
      if (!row) gone.add(runId);
      if (row ? row.hub_id !== id || row.epoch !== epoch : before.has(runId)) work.drop(runId, 'lost');
      else if (row?.cancelled === true) work.drop(runId, 'cancelled');
    }
  }

  /** Takes up again what this hub was to carry out and does not: its end could not be written, or its beginning failed. */
  async function takeMissed(going: ReadonlyMap<string, number>, open: readonly OpenRun[]): Promise<void> {
    const before = missed;
    missed = new Map();
    for (const { id: runId, hub_id: hubId, epoch } of open) {
      if (hubId !== id || going.has(runId)) continue;
      const key = `${runId}/${epoch}`;
      missed.set(key, (before.get(key) ?? 0) + 1);
    }
    const lost = [...missed].filter(([, looks]) => looks >= mostMissed).map(([key]) => key.slice(0, key.indexOf('/')));
    if (lost.length > 0) await claim(id, lost);
  }

  async function look(): Promise<void> {
    try {
      if (performance.now() - lastBeat >= beatMs) await beat();
      const going = work.going();
      const open = await db.execute<OpenRun>(
        sql`select id, hub_id, epoch, cancel_at is not null as cancelled from agent_runs
          where ended_at is null and hub_id is not null`,
      );
      dropLost(going, new Map(open.map((run) => [run.id, run])));
      await takeMissed(going, open);
      const others = new Set(open.map((run) => run.hub_id));
      for (const hubId of others) {
        if (hubId !== null && hubId !== id && !stopped && (await isDead(hubId))) await claim(hubId);
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
