import { runtimeCredentialOf } from '../access/credential.ts';
import type { Actor } from '../actor.ts';
import type { KeptRun, RunEntry, RunNews, RunOwner } from './contract.ts';
import type { EventLog } from './event-log.ts';
import type { RunKind, RunKinds } from './kinds.ts';
import type { Questions } from './questions.ts';

/** A run in memory, going or ended. */
export interface LiveRun<Kind extends RunKind = RunKind> extends KeptRun<Kind> {
  run: KeptRun<Kind>['run'];
  readonly key: string | null;
  readonly log: EventLog<RunEntry<Kind>>;
  readonly questions: Questions<RunKinds[Kind]['answer']>;
  readonly abort: AbortController;
  done: Promise<void>;
  /** Of its result, as JSON. */
  resultBytes: number;
  followers: number;
  /** Ends it where nobody follows it for too long. */
  unattended: NodeJS.Timeout | undefined;
}

export function isOf<Kind extends RunKind>(live: LiveRun | undefined, kinds: readonly Kind[]): live is LiveRun<Kind> {
  return live !== undefined && kinds.some((kind) => kind === live.run.kind);
}

export function isGoing({ run }: KeptRun): boolean {
  return run.endedAt === null;
}

export function bytesOf(result: object | null): number {
  return result === null ? 0 : Buffer.byteLength(JSON.stringify(result));
}

/** The owner of runs that an actor starts. */
export function ownerOf(actor: Actor): RunOwner {
  const { person, key: credential } = runtimeCredentialOf(actor);
  return { person, credential };
}

export function isOwnedBy({ owner }: KeptRun, by: RunOwner): boolean {
  return owner.credential === by.credential && owner.person === by.person;
}

/** Begins to count how long nobody follows a run that goes; where that matters. */
export function leaveAlone(live: LiveRun, unattendedMs: number | null): void {
  clearTimeout(live.unattended);
  if (unattendedMs === null || !isGoing(live) || live.followers > 0) return;
  live.unattended = setTimeout(() => live.abort.abort(), unattendedMs).unref();
}

/** Its log from a place on, and its end. */
export async function* newsOf<Kind extends RunKind>(
  live: LiveRun<Kind>,
  from: { after: number; signal: AbortSignal },
  unattendedMs: number | null,
): AsyncGenerator<RunNews<Kind>> {
  live.followers += 1;
  clearTimeout(live.unattended);
  try {
    yield* live.log.follow(from.after, from.signal);
    if (!from.signal.aborted) yield { type: 'end', run: live.run };
  } finally {
    live.followers -= 1;
    leaveAlone(live, unattendedMs);
  }
}
