import type { PullProgress } from '@switchboard/docker';
import type { Action } from '../access/actions.ts';
import type { EngineResource } from '../access/subject.ts';
import { DomainError, messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';
import { newId } from '../secrets.ts';
import { fromEngine } from './errors.ts';
import type { Run, RunEvent } from './schema.ts';

/** What the work of a run tells while it goes. */
export interface RunTeller {
  readonly signal: AbortSignal;
  line(text: string): void;
  progress(progress: PullProgress): void;
}

export interface RunPlan {
  kind: Action;
  engine: string;
  subject: string;
  /** Who may look at it and give it up. */
  resource: EngineResource;
  /** No two runs with the same key go at once. */
  key?: string;
}

export interface KeptRun {
  readonly run: Run;
  readonly resource: EngineResource;
}

/** Work on engines that outlives the request that asked for it. One for the process. */
export interface Runs {
  /** Throws `conflict` where one with its key goes already. */
  start(plan: RunPlan, work: (teller: RunTeller) => Promise<Record<string, unknown> | null>): Run;
  find(id: string): KeptRun | null;
  list(): KeptRun[];
  /** Resolves with what became of it, after what was to follow its end. */
  wait(id: string): Promise<Run>;
  /** Does something more when it has ended, which must not reject; the hub stops after it. */
  afterEnd(id: string, then: (run: Run) => Promise<void>): void;
  /** What it told and tells, from the beginning. */
  follow(id: string, signal: AbortSignal): AsyncGenerator<RunEvent>;
  cancel(id: string): void;
  /** Gives up what goes on and waits for its end. */
  close(): Promise<void>;
}

interface Kept extends KeptRun {
  run: Run;
  events: RunEvent[];
  /** How many events were dropped from the front. */
  dropped: number;
  abort: AbortController;
  wake: Set<() => void>;
  key: string | null;
  done: Promise<void>;
}

const keptEvents = 2_000;
const keptRuns = 100;
const longestLine = 4_000;
const keptMs = 30 * 60_000;

function push(kept: Kept, event: RunEvent): void {
  kept.events.push(event);
  if (kept.events.length > keptEvents) {
    kept.events.splice(0, keptEvents / 10);
    kept.dropped += keptEvents / 10;
  }
  for (const wake of kept.wake) wake();
  kept.wake.clear();
}

function tellerOf(kept: Kept): RunTeller {
  let seq = 0;
  return {
    signal: kept.abort.signal,
    line: (text) => push(kept, { type: 'line', seq: (seq += 1), text: text.slice(0, longestLine) }),
    progress: (progress) => push(kept, { type: 'progress', seq: (seq += 1), progress }),
  };
}

async function* eventsOf(kept: Kept, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let at = 0;
  let wake: (() => void) | null = null;
  function leave() {
    return wake?.();
  }
  signal.addEventListener('abort', leave, { once: true });
  try {
    while (!signal.aborted) {
      at = Math.max(at, kept.dropped);
      const event = kept.events[at - kept.dropped];
      if (event) {
        at += 1;
        yield event;
      } else if (kept.run.endedAt) {
        yield { type: 'end', run: kept.run };
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
          kept.wake.add(resolve);
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', leave);
    if (wake) kept.wake.delete(wake);
  }
}

/** Keeps the runs that go, and for a while those that ended. */
export function createRuns({ clock, log }: { clock: Clock; log: Log }): Runs {
  const runs = new Map<string, Kept>();

  function prune() {
    const old = clock.now() - keptMs;
    for (const [id, { run }] of runs) {
      if (run.endedAt && (run.endedAt.getTime() < old || runs.size > keptRuns)) runs.delete(id);
    }
  }

  function end(kept: Kept, outcome: Run['outcome'], more: Partial<Run>) {
    kept.run = { ...kept.run, ...more, outcome, endedAt: new Date(clock.now()) };
    for (const wake of kept.wake) wake();
    kept.wake.clear();
  }

  async function carryOut(kept: Kept, work: (teller: RunTeller) => Promise<Record<string, unknown> | null>) {
    try {
      end(kept, 'ok', { result: await work(tellerOf(kept)) });
    } catch (thrown) {
      const error = fromEngine(thrown);
      const { id: runId, kind } = kept.run;
      if (!(error instanceof DomainError)) log.error({ runId, kind, error }, 'A run failed');
      const message = error instanceof DomainError ? messageOf(error) : 'Something went wrong in the hub.';
      const code = error instanceof DomainError ? error.code : 'internal';
      if (kept.abort.signal.aborted) end(kept, 'cancelled', { message: 'It was given up.' });
      else end(kept, 'failed', { message, code });
    }
  }

  function find(id: string): Kept {
    const kept = runs.get(id);
    if (!kept) throw new DomainError('not_found', `Run '${id}' does not exist, or ended long ago.`, { value: id });
    return kept;
  }

  return {
    start({ kind, engine, subject, resource, key }, work) {
      prune();
      const going = [...runs.values()].find((kept) => key !== undefined && kept.key === key && !kept.run.endedAt);
      if (going) {
        throw new DomainError(
          'conflict',
          `Something is being done with it already (${going.run.kind}): wait for its end.`,
        );
      }
      const startedAt = new Date(clock.now());
      const run: Run = {
        id: newId(),
        kind,
        engine,
        subject,
        startedAt,
        endedAt: null,
        outcome: 'running',
        message: null,
        code: null,
        result: null,
      };
      const kept: Kept = {
        run,
        resource,
        events: [],
        dropped: 0,
        abort: new AbortController(),
        wake: new Set(),
        key: key ?? null,
        done: Promise.resolve(),
      };
      runs.set(run.id, kept);
      kept.done = carryOut(kept, work);
      return run;
    },
    find: (id) => runs.get(id) ?? null,
    list: () => [...runs.values()],
    async wait(id) {
      const kept = find(id);
      await kept.done;
      return kept.run;
    },
    afterEnd(id, then) {
      const kept = find(id);
      kept.done = kept.done.then(() => then(kept.run));
    },
    follow: (id, signal) => eventsOf(find(id), signal),
    cancel: (id) => find(id).abort.abort(),
    async close() {
      const going = [...runs.values()].filter(({ run }) => run.endedAt === null);
      for (const { abort } of going) abort.abort();
      await Promise.all(going.map(({ done }) => done));
    },
  };
}
