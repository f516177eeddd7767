import { DomainError, isDomainError } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { absentRun } from './absent.ts';
import { keepWithin, requireCapacity } from './capacity.ts';
import {
  hubStops,
  type KeptRun,
  type Run,
  type RunEntry,
  type RunPlan,
  type Runs,
  type RunTeller,
  type RunWork,
} from './contract.ts';
import { createEventLog } from './event-log.ts';
import type { RunKind, RunKinds, RunLimits } from './kinds.ts';
import { bytesOf, isGoing, isOf, isOwnedBy, leaveAlone, newsOf, type LiveRun } from './live.ts';
import { createQuestions } from './questions.ts';
import type { RunStore } from './store.ts';
import { createRunWriter, noWriter, type RunWriter } from './writer.ts';

export interface RunsOptions {
  clock: Clock;
  log: Log;
  limits: Readonly<Record<RunKind, RunLimits>>;
  /** The store of kinds that outlive the process; without one, no kind does. */
  store?: RunStore;
}

/** More than the number of entries before a run is taken over. */
const placesOfEpoch = 1_000_000;

function begin<Kind extends RunKind>({ id, kind, subject, facts }: RunPlan<Kind>, now: number): Run<Kind> {
  return {
    id: id ?? newId(),
    kind,
    subject,
    facts,
    startedAt: new Date(now),
    endedAt: null,
    outcome: 'running',
    message: null,
    reason: null,
    code: null,
    result: null,
  };
}

/** The outcome of work that failed; a fault of the hub is not described further. */
export function failureOf(signal: AbortSignal, error: unknown): Pick<Run, 'outcome' | 'message' | 'reason' | 'code'> {
  const refusal: unknown = signal.aborted ? signal.reason : error;
  if (isDomainError(refusal)) {
    return { outcome: 'failed', message: refusal.message, reason: refusal.reason, code: refusal.code };
  }
  const reason = say(signal.aborted ? 'givenUp' : 'runBroke');
  const told = { message: reason.text, reason };
  return signal.aborted
    ? { outcome: 'cancelled', ...told, code: null }
    : { outcome: 'failed', ...told, code: 'internal' };
}

function tellerOf<Kind extends RunKind>(live: LiveRun<Kind>, add: (entry: RunEntry<Kind>) => void): RunTeller<Kind> {
  const { signal } = live.abort;
  return {
    id: live.run.id,
    signal,
    tell: (event) => add({ type: 'event', event }),
    ask(question, until) {
      const answer = live.questions.ask([signal, until], {
        asked: (askId) => add({ type: 'ask', askId, question }),
        closed: (askId) => add({ type: 'answered', askId }),
      });
      // Work that ended without waiting for it harms nobody.
      answer.catch(() => undefined);
      return answer;
    },
  };
}

function makeLive<Kind extends RunKind>(
  { run, resource, owner, epoch }: KeptRun<Kind>,
  limits: RunLimits,
  more: { key?: string; entries?: readonly (RunEntry<Kind> & { seq: number })[] } = {},
): LiveRun<Kind> {
  return {
    run,
    resource,
    owner,
    epoch,
    key: more.key ?? null,
    log: createEventLog<RunEntry<Kind>>(limits, { kept: more.entries ?? [], before: (epoch - 1) * placesOfEpoch }),
    questions: createQuestions<RunKinds[Kind]['answer']>(limits),
    abort: new AbortController(),
    done: Promise.resolve(),
    resultBytes: bytesOf(run.result),
    followers: 0,
    unattended: undefined,
  };
}

/** Keeps the runs that go, and for a while those that ended. */
export function createRuns({ clock, log, limits, store }: RunsOptions): Runs {
  const runs = new Map<string, LiveRun>();

  function writerOf(live: LiveRun): RunWriter {
    const { isStored, events } = limits[live.run.kind];
    return store && isStored ? createRunWriter(store, log, live, events) : noWriter;
  }

  async function carryOut<Kind extends RunKind>(live: LiveRun<Kind>, work: RunWork<Kind>): Promise<void> {
    const writer = writerOf(live);
    const { signal } = live.abort;
    function add(entry: RunEntry<Kind>) {
      if (isGoing(live)) writer.add(live.log.push(entry));
    }
    function end(more: Partial<Run<Kind>>) {
      live.run = { ...live.run, ...more, endedAt: new Date(clock.now()) };
      live.resultBytes = bytesOf(live.run.result);
    }
    try {
      end({ outcome: 'ok', result: await work(tellerOf(live, add)) });
    } catch (error) {
      const { id: runId, kind } = live.run;
      if (!signal.aborted && !isDomainError(error)) log.error({ runId, kind, error }, 'A run failed');
      end(failureOf(signal, error));
    }
    clearTimeout(live.unattended);
    // Questions that wait belong to nobody any more.
    live.abort.abort();
    live.log.close();
    prune();
    await writer.end(live);
  }

  function prune() {
    keepWithin(runs, limits, clock.now());
  }

  function find(id: string): LiveRun {
    const live = runs.get(id);
    if (!live) throw absentRun(id);
    return live;
  }

  return {
    start(plan, work) {
      prune();
      requireCapacity(runs.values(), plan, limits[plan.kind]);
      const run = begin(plan, clock.now());
      const { resource, owner, key, epoch = 1 } = plan;
      const live = makeLive({ run, resource, owner, epoch }, limits[plan.kind], { ...(key !== undefined && { key }) });
      runs.set(run.id, live);
      leaveAlone(live, limits[plan.kind].unattendedMs);
      live.done = carryOut(live, work);
      return run;
    },
    find(id, kinds) {
      prune();
      const live = runs.get(id);
      return isOf(live, kinds) ? live : null;
    },
    async load(id, kinds) {
      const stored = runs.has(id) ? null : await store?.load(id);
      if (stored && !runs.has(id)) {
        const live = makeLive(stored.kept, limits[stored.kept.run.kind], { entries: stored.entries });
        live.log.close();
        runs.set(id, live);
        prune();
      }
      const live = runs.get(id);
      return isOf(live, kinds) ? live : null;
    },
    list(kinds) {
      prune();
      return [...runs.values()].filter((live) => isOf(live, kinds));
    },
    async wait(id) {
      const live = find(id);
      await live.done;
      return live.run;
    },
    afterEnd(id, then) {
      const live = find(id);
      live.done = live.done.then(() => then(live.run));
    },
    follow(id, kinds, from) {
      const live = find(id);
      if (!isOf(live, kinds)) throw absentRun(id);
      return newsOf(live, from, limits[live.run.kind].unattendedMs);
    },
    answer({ runId, askId, kind, by }, answer) {
      const live = runs.get(runId);
      const isTheirs = isOf(live, [kind]) && isOwnedBy(live, by);
      if (isTheirs && live.questions.settle(askId, answer)) return;
      throw new DomainError('not_found', say('questionClosed'));
    },
    cancel: (id, why) => find(id).abort.abort(why),
    lose({ type, subject }, why) {
      for (const live of runs.values()) {
        if (!isGoing(live) || live.resource.type !== type || live.run.subject !== subject) continue;
        live.abort.abort(new DomainError('not_found', why));
      }
    },
    async restore() {
      const count = (await store?.interrupt(new Date(clock.now()))) ?? 0;
      if (count > 0) log.warn({ count }, 'Runs of the last process were interrupted');
    },
    async close() {
      const going = [...runs.values()].filter(isGoing);
      for (const { abort } of going) abort.abort(hubStops);
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
}
