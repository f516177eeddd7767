import type { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { jobsSchema, setAsideQueue } from './boss.ts';
import type { JobDatabase } from './contract.ts';
import type { JobType } from './job-type.ts';
import type { JobTypeState, SetAsideJob } from './schema.ts';

export const mostSetAside = 100;

/** The stored outcome of a try: the hub's own, or that of the library when it ended the try. */
const Output = z.union([
  z.object({ reason: z.string() }).transform(({ reason }) => reason),
  z.object({ value: z.object({ message: z.string() }) }).transform(({ value }) => value.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ value: z.string() }).transform(({ value }) => value),
]);

const storeWords: Readonly<Record<string, string>> = {
  'job heartbeat timeout': 'The hub that ran it ended, or lost its database.',
  'job timed out': 'It took longer than it may.',
  'pg-boss shut down while active': 'The hub stopped before it was done.',
};

function reasonIn(output: unknown): string | null {
  const read = Output.safeParse(output);
  return read.success ? (storeWords[read.data] ?? read.data) : null;
}

const Row = z.object({
  name: z.string(),
  waiting: z.coerce.number(),
  running: z.coerce.number(),
  failed: z.coerce.number(),
  endedAt: z.date().nullable(),
  startedAt: z.date().nullable(),
  ok: z.boolean().nullable(),
  output: z.unknown(),
});

/** One look at each type's jobs; those that ended are kept for seven days. */
const readStates = `
  select counted.*, ended.completed_on as "endedAt", ended.started_on as "startedAt", ended.state = 'completed' as ok,
    wrong.output
  from (
    select name, count(*) filter (where state in ('created', 'retry')) as waiting,
      count(*) filter (where state = 'active') as running, count(*) filter (where state = 'failed') as failed
    from ${jobsSchema}.job where name = any($1) group by name
  ) as counted
  left join lateral (
    select completed_on, started_on, state from ${jobsSchema}.job
    where name = counted.name and completed_on is not null order by completed_on desc limit 1
  ) as ended on true
  left join lateral (
    select output from ${jobsSchema}.job where name = counted.name and state in ('failed', 'retry')
    order by coalesce(completed_on, started_on) desc limit 1
  ) as wrong on true`;

/** Every type by name, and how its jobs went. */
export async function readTypes(
  boss: PgBoss,
  database: Pick<JobDatabase, 'run'>,
  types: readonly JobType[],
): Promise<JobTypeState[]> {
  const { rows } = await database.run(readStates, [types.map(({ name }) => name)]);
  const found = new Map(rows.map((row) => Row.parse(row)).map((row) => [row.name, row]));
  return types
    .map((type): JobTypeState => {
      const row = found.get(type.name);
      const cron = type.schedule?.cron ?? null;
      return {
        name: type.name,
        schedule: cron,
        waiting: row?.waiting ?? 0,
        running: row?.running ?? 0,
        lastRun: row?.endedAt
          ? {
              endedAt: row.endedAt,
              ok: row.ok ?? false,
              durationMs: row.startedAt ? row.endedAt.getTime() - row.startedAt.getTime() : 0,
            }
          : null,
        nextRunAt: cron === null ? null : (boss.previewSchedule(cron, { count: 1 })[0] ?? null),
        failed: row?.failed ?? 0,
        lastError: reasonIn(row?.output),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const AsideRow = z
  .object({
    id: z.string(),
    type: z.string().nullable(),
    output: z.unknown(),
    at: z.date(),
    askedAt: z.date().nullable(),
    retries: z.number().nullable(),
    input: z.unknown(),
  })
  .transform(({ type, output, retries, input, ...row }): SetAsideJob => ({
    ...row,
    type: type ?? setAsideQueue,
    reason: reasonIn(output) ?? 'Its last try failed without a word.',
    tries: (retries ?? 0) + 1,
    input: input ?? null,
  }));

const readSetAside = `
  select id, source_name as type, source_output as output, created_on as at, source_created_on as "askedAt",
    source_retry_count as retries, data -> 'input' as input
  from ${jobsSchema}.job where name = '${setAsideQueue}' and state = 'created' and ($1::uuid is null or id = $1)
  order by created_on desc, id limit ${mostSetAside}`;

/** The jobs that were set aside, or the one with this id; the newest first. */
export async function readAside(database: Pick<JobDatabase, 'run'>, id: string | null = null): Promise<SetAsideJob[]> {
  const { rows } = await database.run(readSetAside, [id]);
  return rows.map((row) => AsideRow.parse(row));
}
