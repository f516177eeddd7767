import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { DomainError, DomainErrorCode } from '../errors.ts';
import type { RunKind, RunKinds } from './kinds.ts';

export const runOutcomes = ['running', 'ok', 'failed', 'cancelled', 'interrupted'] as const;
/** `interrupted`: the hub ended before it did. */
export type RunOutcome = (typeof runOutcomes)[number];

/** Some long work, as far as it is. */
export interface Run<Kind extends RunKind = RunKind> {
  id: string;
  kind: Kind;
  /** The subject of the run: the id of a stack or server, the name of an image or container. */
  subject: string;
  facts: RunKinds[Kind]['facts'];
  startedAt: Date;
  endedAt: Date | null;
  outcome: RunOutcome;
  /** Why it failed; null where it did not. */
  message: string | null;
  /** The same as a code with what it speaks of; null where somebody else said it. */
  reason: Reason | null;
  /** The kind of that failure; null where there is none. */
  code: DomainErrorCode | null;
  /** The result. */
  result: RunKinds[Kind]['result'] | null;
}

/** The owner of a run: the person whose runs are counted, and the sign-in or key that may answer its questions. */
export interface RunOwner {
  person: string;
  credential: string;
}

export interface KeptRun<Kind extends RunKind = RunKind> {
  readonly run: Run<Kind>;
  readonly resource: RunKinds[Kind]['resource'];
  readonly owner: RunOwner;
  /** Increased at each takeover: later entries get positions behind the earlier ones. */
  readonly epoch: number;
}

/** An entry in the log of a run. */
export type RunEntry<Kind extends RunKind = RunKind> =
  | { type: 'event'; event: RunKinds[Kind]['event'] }
  | { type: 'ask'; askId: string; question: RunKinds[Kind]['question'] }
  /** The question is not open any more, however that came. */
  | { type: 'answered'; askId: string };

/** The news for a follower: log entries with their positions, gaps where entries were dropped, and the end. */
export type RunNews<Kind extends RunKind = RunKind> =
  | (RunEntry<Kind> & { seq: number })
  /** So many entries before the next one are not kept any more. */
  | { type: 'gap'; seq: number; missed: number }
  | { type: 'end'; run: Run<Kind> };

/** The reason of an abort when the hub stops: a run that is stored may resume later. */
export const hubStops = new Error('The hub stops.');

export interface RunPlan<Kind extends RunKind = RunKind> extends Pick<KeptRun<Kind>, 'resource' | 'owner'> {
  /** The id, where the run has one already. */
  id?: string;
  /** The number of the takeover; 1 for a new run. */
  epoch?: number;
  /** It was let in before: the most that may go at once does not count. */
  isLetIn?: boolean;
  kind: Kind;
  subject: string;
  facts: RunKinds[Kind]['facts'];
  /** No two runs with the same key go at once. */
  key?: string;
}

/** The functions with which the work of a run reports events and asks questions. */
export interface RunTeller<Kind extends RunKind = RunKind> {
  readonly id: string;
  /** Aborts when the run is cancelled, or its subject is removed. */
  readonly signal: AbortSignal;
  tell(event: RunKinds[Kind]['event']): void;
  /** Rejects with `timeout` where nobody answers in time, `limit_exceeded` where too many questions wait, and where the signal or the run ends. */
  ask(question: RunKinds[Kind]['question'], signal: AbortSignal): Promise<RunKinds[Kind]['answer']>;
}

export type RunWork<Kind extends RunKind> = (teller: RunTeller<Kind>) => Promise<RunKinds[Kind]['result']>;

/** Work that outlives the request that asked for it. One for the process. */
export interface Runs {
  /** Throws `conflict` where one with its key goes already, `limit_exceeded` where the person, or the hub, has the most. */
  start<Kind extends RunKind>(plan: RunPlan<Kind>, work: RunWork<Kind>): Run<Kind>;
  /** A run of one of these kinds; null where it does not exist, or no longer. */
  find<Kind extends RunKind>(id: string, kinds: readonly Kind[]): KeptRun<Kind> | null;
  /** The same, looking into the store too. */
  load<Kind extends RunKind>(id: string, kinds: readonly Kind[]): Promise<KeptRun<Kind> | null>;
  list<Kind extends RunKind>(kinds: readonly Kind[]): KeptRun<Kind>[];
  /** Resolves with what became of it, after what was to follow its end. */
  wait(id: string): Promise<Run>;
  /** Does something more when it has ended, which must not reject; the hub stops after it. */
  afterEnd(id: string, then: (run: Run) => Promise<void>): void;
  /**
   * The events after a position in the log, later ones, and the end. Throws `not_found` where the run does not exist.
   */
  follow<Kind extends RunKind>(
    id: string,
    kinds: readonly Kind[],
    from: { after: number; signal: AbortSignal },
  ): AsyncGenerator<RunNews<Kind>>;
  /** Throws `not_found` where no such question is open, or is not this owner's to answer. */
  answer<Kind extends RunKind>(
    to: { runId: string; askId: string; kind: Kind; by: RunOwner },
    answer: RunKinds[Kind]['answer'],
  ): void;
  /** `why`: what it fails with; without one it counts as cancelled. */
  cancel(id: string, why?: DomainError): void;
  /** Ends running work about a removed object, with this reason. */
  lose(gone: { type: string; subject: string }, why: Reason): void;
  /** Marks in the store what the last process left behind. */
  restore(): Promise<void>;
  /** Cancels running work and waits for its end. */
  close(): Promise<void>;
}
