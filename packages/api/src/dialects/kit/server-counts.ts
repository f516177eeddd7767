import { z } from 'zod';
import type { ServerCounts } from '@switchboard/core/monitoring/schema';

function aside(what: string) {
  return z.int().meta({ description: what });
}

/** Servers by the five phases that the documented APIs know. They add up to the total. */
export const PhaseCounts = z.object({
  total: aside('Servers that the caller sees'),
  running: aside('Servers that run'),
  stopped: aside('Stopped, asleep and disabled servers'),
  error: aside('Servers that failed their last start, also while they are started again, or that need a sign-in'),
  starting: aside('Servers on their way up'),
  stopping: aside('Servers on their way down'),
});

/** The same servers in as many numbers as the page shows. */
export const StateCounts = z.object({
  running: aside('Running now'),
  asleep: aside('Start with the next call'),
  starting: aside('On their way up'),
  stopping: aside('On their way down'),
  stopped: aside('Stopped by a person, or not started yet'),
  failing: aside('Failed their last start, also while they are started again'),
  needsSignIn: aside('Wait until somebody signs in to them'),
  disabled: aside('Switched off'),
});

export function toPhaseCounts(counts: ServerCounts): z.infer<typeof PhaseCounts> {
  return {
    total: counts.total,
    running: counts.running,
    stopped: counts.stopped + counts.asleep + counts.disabled,
    error: counts.error + counts['needs-sign-in'],
    starting: counts.starting,
    stopping: counts.stopping,
  };
}

export function toStateCounts(counts: ServerCounts): z.infer<typeof StateCounts> {
  return {
    running: counts.running,
    asleep: counts.asleep,
    starting: counts.starting,
    stopping: counts.stopping,
    stopped: counts.stopped,
    failing: counts.error,
    needsSignIn: counts['needs-sign-in'],
    disabled: counts.disabled,
  };
}
