import { say } from '../reasons.ts';
import type { UpstreamState } from './state.ts';

export interface Facts {
  /** Of the instance that runs, where it is known. */
  pid: number | null;
  idleMs: number;
  now: number;
}

/** The line in a server's log for a step in its life; null for none. */
export function narrate(before: UpstreamState, after: UpstreamState, facts: Facts): string | null {
  if (after.downloading && !before.downloading) return say('downloading').text;
  if (after.waitsFor !== null && before.waitsFor === null) return after.waitsFor.text;
  if (before.phase === after.phase) return null;
  switch (after.phase) {
    case 'starting':
      return after.failures === 0 ? 'Starting' : `Starting again, attempt ${after.failures + 1}`;
    case 'running':
      return facts.pid === null ? 'Running' : `Running as process ${facts.pid}`;
    case 'stopping':
      if (after.desired !== 'on') return 'Stopping';
      return after.again ? 'Restarting' : `Going to sleep after ${duration(facts.idleMs)} without a call`;
    case 'stopped':
      return after.asleep ? 'Asleep until the next call' : 'Stopped';
    case 'error':
      return after.nextRetryAt === null
        ? null
        : `The next attempt is in ${duration(Math.max(0, after.nextRetryAt - facts.now))}`;
  }
}

/** `5 s`, `10 min`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}
