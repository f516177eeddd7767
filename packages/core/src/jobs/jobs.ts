import { setTimeout as sleep } from 'node:timers/promises';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import { tellFailure } from '../database-away.ts';
import { messageOf } from '../errors.ts';
import { createAlarm } from './alarm.ts';
import { alignQueues, alignSchedules, joined, openBoss, setAsideQueue, usualPace, type PollIntervals } from './boss.ts';
import type { JobDatabase, Jobs, JobTries } from './contract.ts';
import { storedInput } from './envelope.ts';
import { execute, executeUnknown, type Execution, type Outcome } from './execute.ts';
import type { JobType } from './job-type.ts';
import { readAside, readTypes } from './state.ts';

export interface JobsOptions extends Execution {
  database: JobDatabase;
  types: readonly JobType[];
  pace?: PollIntervals;
  /** When jobs of the start are run. */
  startJobsAfterSeconds?: number;
  /** The time that a running job has to end when the hub stops. */
  graceMs?: number;
}

export interface RunningJobs extends Jobs {
  /** Begins to run jobs. Those that are asked for before wait. */
  start(): Promise<void>;
  /** Takes no more jobs; gives those that run their grace, then aborts them. */
  stop(): Promise<void>;
}

/** The store, and its queues of types that another version of the hub has. */
interface OpenStore {
  boss: PgBoss;
  unknown: string[];
}

type Run = (job: JobWithMetadata) => Promise<Outcome>;

const outcomes = { completed: 'done', failed: 'failed', deadletter: 'set aside' } as const;
const startJobsAfterSeconds = 20;
const usualGraceMs = 3_000;
/** For a job to end after its signal. */
const abortMs = 1_000;
/** A failure of the store is a trouble until it has gone well for so long. */
const troubleMs = 90_000;

/** Work behind the scenes, kept in the database by pg-boss. */
export function createJobs(options: JobsOptions): RunningJobs {
  const { database, types, log, pace = usualPace, graceMs = usualGraceMs } = options;
  const workers = new Map<string, string>();
  const running = new Set<Promise<Outcome>>();
  const tries = new Map<string, JobTries>();
  let opening: Promise<OpenStore> | null = null;
  let lastTrouble: { at: number; reason: string } | null = null;
  let isRunning = false;

  function wake(name: string): void {
    const worker = workers.get(name);
    if (worker !== undefined) void open().then(({ boss }) => boss.notifyWorker(worker));
  }
  const alarm = createAlarm({ database, names: types.map(({ name }) => name), log, ring: wake });

  function onError(error: unknown): void {
    lastTrouble = { at: performance.now(), reason: messageOf(error) };
    tellFailure(log, 'warn', error, 'The store of jobs failed; it is asked again');
  }

  /** Opens the store once, with a queue for each type; a failed attempt is repeated by the next caller. */
  function open(): Promise<OpenStore> {
    opening ??= openStore();
    opening.catch(() => {
      opening = null;
    });
    return opening;
  }

  async function openStore(): Promise<OpenStore> {
    const boss = await openBoss(database, pace);
    boss.on('error', onError);
    boss.on('warning', ({ message, data }) => log.warn({ data }, `The store of jobs: ${message}`));
    return { boss, unknown: await alignQueues(boss, types) };
  }

  function count(type: string, { status }: Outcome): void {
    const outcome = outcomes[status];
    const key = `${type} ${outcome}`;
    tries.set(key, { type, outcome, count: (tries.get(key)?.count ?? 0) + 1 });
  }

  async function attempt(name: string, job: JobWithMetadata, run: Run): Promise<JobResult> {
    const trying = run(job);
    running.add(trying);
    const outcome = await trying.finally(() => running.delete(trying));
    count(name, outcome);
    if (outcome.status === 'failed') alarm.set();
    return { id: job.id, ...outcome };
  }

  async function work(boss: PgBoss, name: string, run: Run, atOnce = 1): Promise<void> {
    const { pollSeconds } = pace;
    const id = await boss.work(
      name,
      {
        perJobResults: true,
        includeMetadata: true,
        localConcurrency: atOnce,
        pollingIntervalSeconds: pollSeconds,
        notifyPollingIntervalSeconds: pollSeconds,
      },
      (jobs: JobWithMetadata[]) => Promise.all(jobs.map((job) => attempt(name, job, run))),
    );
    workers.set(name, id);
  }

  /** Jobs of the start go through the database: of hubs that start together, one runs each. */
  async function sendStartJobs(boss: PgBoss): Promise<void> {
    const startAfter = options.startJobsAfterSeconds ?? startJobsAfterSeconds;
    for (const type of types) {
      if (!type.schedule?.atStart) continue;
      await boss.send(type.name, storedInput(type, type.schedule.input), { startAfter });
    }
  }

  return {
    async start() {
      const { boss, unknown } = await open();
      await boss.start();
      await alignSchedules(boss, types);
      for (const type of types) await work(boss, type.name, (job) => execute(type, job, options), type.atOnce);
      for (const name of unknown) await work(boss, name, async (job) => executeUnknown(name, job, log));
      await sendStartJobs(boss);
      alarm.set();
      isRunning = true;
    },
    async stop() {
      if (!isRunning) return;
      isRunning = false;
      alarm.stop();
      const { boss } = await open();
      await boss.stop({ timeout: graceMs });
      await Promise.race([Promise.allSettled(running), sleep(abortMs, null, { ref: false })]);
    },
    async send(db, type, input) {
      const { boss } = await open();
      return boss.send(type.name, storedInput(type, input), { db: await joined(db) });
    },
    trouble() {
      if (!isRunning) return 'Jobs are not run: the hub starts or stops.';
      return lastTrouble && performance.now() - lastTrouble.at < troubleMs ? lastTrouble.reason : null;
    },
    tries: () => [...tries.values()],
    types: async () => readTypes((await open()).boss, database, types),
    setAside: () => readAside(database),
    findAside: async (id) => (await readAside(database, id))[0] ?? null,
    async retry(db, id) {
      const { boss } = await open();
      return (await boss.redrive(setAsideQueue, { ids: [id], db: await joined(db) })) > 0;
    },
    async drop(db, id) {
      const { boss } = await open();
      await boss.deleteJob(setAsideQueue, id, { db: await joined(db) });
    },
    wake,
  };
}
