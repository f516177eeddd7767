/** How many calls there were, how many of them of tools, how many failed or ended with a tool's own error, and how long all took. */
export interface CallCounts {
  count: number;
  toolCalls: number;
  errors: number;
  toolErrors: number;
  totalMs: number;
}

export interface RingStep extends CallCounts {
  step: number;
  /** Of the first calls, in milliseconds. */
  durations: number[];
}

/** Counts of a sliding window, step by step. */
export interface SlidingWindow {
  /** Counts calls that ended at `at`, where the window that ends now still holds that. */
  add(now: number, at: number, counts: CallCounts, durations: readonly number[]): void;
  /** The steps of the window that ends now: those that had calls, in no order. */
  within(now: number): RingStep[];
}

/** One place for each step of the window, used again after a whole turn: memory is bounded however the clock goes. */
export function createRing({ stepMs, steps }: { stepMs: number; steps: number }, durationsKept: number): SlidingWindow {
  const places = new Map<number, RingStep>();
  function isWithin(step: number, now: number): boolean {
    const last = Math.floor(now / stepMs);
    return step <= last && step > last - steps;
  }
  return {
    add(now, at, counts, durations) {
      const step = Math.floor(at / stepMs);
      if (!isWithin(step, now)) return;
      let place = places.get(step % steps);
      if (place?.step !== step) {
        place = { step, count: 0, toolCalls: 0, errors: 0, toolErrors: 0, totalMs: 0, durations: [] };
        places.set(step % steps, place);
      }
      place.count += counts.count;
      place.toolCalls += counts.toolCalls;
      place.errors += counts.errors;
      place.toolErrors += counts.toolErrors;
      place.totalMs += counts.totalMs;
      for (const ms of durations) if (place.durations.length < durationsKept) place.durations.push(ms);
    },
    within: (now) => [...places.values()].filter(({ step }) => isWithin(step, now)),
  };
}
