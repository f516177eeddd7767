import { sql } from 'drizzle-orm';
import type { PgBoss, Queue, Schedule } from 'pg-boss';
import type { Db } from '@switchboard/db';
import type { JobDatabase } from './contract.ts';
import { storedInput } from './envelope.ts';
import type { JobType } from './job-type.ts';

/** A schema of its own, which a migration makes. */
export const jobsSchema = 'switchboard_jobs';

/** The queue of jobs that no hub runs until somebody decides about them. */
export const setAsideQueue = 'set-aside';

/** How often the store polls, where no notification comes sooner. */
export interface PollIntervals {
  /** For delayed jobs, and for missed notifications. */
  pollSeconds: number;
  /** For schedules. */
  cronSeconds: number;
  /** For jobs of hubs that were killed, and for what is past its time. */
  superviseSeconds: number;
}

/** Jobs of killed hubs are looked for half as often as jobs. */
export function paceOf(pollSeconds: number): PollIntervals {
  return { pollSeconds, cronSeconds: 30, superviseSeconds: 2 * pollSeconds };
}

export const usualPace: PollIntervals = paceOf(30);

const daySeconds = 86_400;
const hourSeconds = 3_600;
const keptWaitingSeconds = 30 * daySeconds;
const keptDoneSeconds = 7 * daySeconds;
const keptAsideSeconds = 90 * daySeconds;

/** pg-boss on the hub's own pool; loaded here, as only a hub that runs jobs needs it. */
export async function openBoss(database: JobDatabase, pace: PollIntervals): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss');
  return new PgBoss({
    db: {
      executeSql: (text, values) => database.run(text, values),
      async listen(channel, onMessage, onListening) {
        const { stop } = await database.listen(channel, onMessage, onListening);
        return { close: stop };
      },
    },
    schema: jobsSchema,
    // The hub's own migrations make and change its tables.
    migrate: false,
    createSchema: false,
    useListenNotify: true,
    cronMonitorIntervalSeconds: pace.cronSeconds,
    cronWorkerIntervalSeconds: pace.cronSeconds,
    superviseIntervalSeconds: pace.superviseSeconds,
    monitorIntervalSeconds: pace.superviseSeconds,
    maintenanceIntervalSeconds: hourSeconds,
    queueCacheIntervalSeconds: hourSeconds,
    // The hub does not use these parts of the library, and each polls the database.
    flowIntervalSeconds: daySeconds,
    registerInstance: false,
    monitorVacuum: false,
    reindex: false,
    openTelemetry: { enabled: false },
  });
}

/** The caller's connection for one statement of the store: it shares the fate of the caller's transaction. */
export async function joined(db: Db) {
  const { fromDrizzle } = await import('pg-boss');
  return fromDrizzle(db, sql);
}

type Settings = Required<
  Pick<
    Queue,
    | 'retryLimit'
    | 'retryDelay'
    | 'retryBackoff'
    | 'retryDelayMax'
    | 'expireInSeconds'
    | 'heartbeatSeconds'
    | 'retentionSeconds'
    | 'deleteAfterSeconds'
    | 'deadLetter'
    | 'notify'
  >
>;

function settingsOf({ limits }: JobType): Settings {
  return {
    retryLimit: limits.retryLimit,
    retryDelay: limits.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: limits.longestRetryDelaySeconds,
    expireInSeconds: limits.expireInSeconds,
    heartbeatSeconds: limits.heartbeatSeconds,
    retentionSeconds: keptWaitingSeconds,
    deleteAfterSeconds: keptDoneSeconds,
    deadLetter: setAsideQueue,
    notify: true,
  };
}

function ownQueue(name: string): boolean {
  return name === setAsideQueue || name.startsWith('__pgboss__');
}

/**
 * Makes the queues what the types say. Gives the names of queues that no type here has: another version of the hub made
 * them.
 */
export async function alignQueues(boss: PgBoss, types: readonly JobType[]): Promise<string[]> {
  const found = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]));
  if (!found.has(setAsideQueue)) {
    await boss.createQueue(setAsideQueue, { retentionSeconds: keptAsideSeconds, deleteAfterSeconds: keptAsideSeconds });
  }
  for (const type of types) {
    const settings = settingsOf(type);
    const queue = found.get(type.name);
    if (!queue) await boss.createQueue(type.name, { ...settings, policy: type.alone ? 'exclusive' : 'standard' });
    else if (Object.entries(settings).some(([key, value]) => Reflect.get(queue, key) !== value))
      await boss.updateQueue(type.name, settings);
  }
  const known = new Set(types.map(({ name }) => name));
  return [...found.keys()].filter((name) => !known.has(name) && !ownQueue(name));
}

function isSame(schedule: Schedule, cron: string, data: object): boolean {
  return schedule.cron === cron && JSON.stringify(schedule.data) === JSON.stringify(data);
}

/** Makes the schedules what the types say. */
export async function alignSchedules(boss: PgBoss, types: readonly JobType[]): Promise<void> {
  const found = new Map((await boss.getSchedules()).map((schedule) => [schedule.name, schedule]));
  for (const type of types) {
    if (!type.schedule) continue;
    const { cron, input } = type.schedule;
    const data = storedInput(type, input);
    const schedule = found.get(type.name);
    found.delete(type.name);
    if (!schedule || !isSame(schedule, cron, data)) await boss.schedule(type.name, cron, data);
  }
  for (const name of found.keys()) await boss.unschedule(name);
}
