import type { Clock } from '../types.ts';

interface Timer {
  at: number;
  ms: number;
  run: () => void;
}

export interface TestClock extends Clock {
  /** Resolves once somebody waits for so many milliseconds. */
  waitedFor(ms: number): Promise<void>;
  /** Lets time pass, with everything that is due in it. */
  advance(ms: number): void;
  /** The waits that are under way, in milliseconds. */
  waits(): number[];
}

/** A clock that is fixed until it is moved. */
export function createTestClock(start = Date.UTC(2026, 0, 1)): TestClock {
  const timers = new Set<Timer>();
  const watchers = new Set<() => void>();
  let now = start;
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, ms, run };
      timers.add(timer);
      for (const watcher of watchers) watcher();
      return () => void timers.delete(timer);
    },
    waitedFor: (ms) =>
      new Promise((resolve) => {
        function look() {
          if (![...timers].some((timer) => timer.ms === ms)) return;
          watchers.delete(look);
          resolve();
        }
        watchers.add(look);
        look();
      }),
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
    waits: () => [...timers].map(({ ms }) => ms),
  };
}
