import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import type { RunPlan } from './contract.ts';
import type { RunKind, RunLimits } from './kinds.ts';
import { isGoing, type LiveRun } from './live.ts';

/** The total of ended runs, in bytes of JSON; the oldest are removed first. */
const keptBytes = 64 * 1024 ** 2;

/** Forgets runs that ended long ago, and the oldest where too many of their kind, or too much of all, is kept. */
export function keepWithin(
  runs: Map<string, LiveRun>,
  limits: Readonly<Record<RunKind, RunLimits>>,
  now: number,
): void {
  const ended = [...runs].filter(([, live]) => !isGoing(live)).toReversed();
  const counts = new Map<RunKind, number>();
  let bytes = 0;
  for (const [id, live] of ended) {
    const { kind, endedAt } = live.run;
    const { keptMs, kept } = limits[kind];
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    bytes += live.log.bytes() + live.resultBytes;
    const isOld = (endedAt?.getTime() ?? 0) + keptMs < now;
    if (live.followers === 0 && (isOld || count > kept || bytes > keptBytes)) runs.delete(id);
  }
}

/** Throws where this run may not begin beside those that go. */
export function requireCapacity(runs: Iterable<LiveRun>, plan: RunPlan, most: RunLimits): void {
  const going = [...runs].filter(isGoing);
  const same = plan.key === undefined ? undefined : going.find(({ key }) => key === plan.key);
  if (same) {
    throw new DomainError('conflict', say('doneAlready', { kind: same.run.kind }));
  }
  if (plan.isLetIn === true) return;
  const ofKind = going.filter(({ run }) => run.kind === plan.kind);
  const mine = ofKind.filter(({ owner }) => owner.person === plan.owner.person);
  if (mine.length >= most.perPerson) {
    throw new DomainError('limit_exceeded', say('mostRuns', { number: mine.length }));
  }
  if (ofKind.length >= most.overall) {
    throw new DomainError('limit_exceeded', say('mostOfKind', { number: ofKind.length, kind: plan.kind }));
  }
}
