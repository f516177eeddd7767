import { DatabaseAwayError, reasonOf } from './away.ts';

/** Whether the database answers. */
export type DatabaseState = { up: true; since: number } | { up: false; since: number; reason: string };

/** The present state of the database; `since` counts by the monotonic clock. */
export interface DatabaseHealth {
  readonly state: DatabaseState;
  /** The state, checked again where the last result is older than a second. */
  check(): Promise<DatabaseState>;
  /** Asks the database because something makes its presence doubtful; while it is away it is asked until it is back. */
  suspect(): void;
  /** Told of each change: gone, and back. */
  subscribe(listener: (state: DatabaseState) => void): () => void;
}

/** The side of the code that sends queries. */
export interface HealthKeeper extends DatabaseHealth {
  /** Throws where the database is known to be away. */
  assertUp(): void;
  /**
   * Passes on the result of a query; abandons it when the database turns out to be away. `isLost` recognises the errors
   * that mean so.
   */
  watch<Result>(work: PromiseLike<Result>, isLost: (error: unknown) => boolean): Promise<Result>;
  stop(): void;
}

export interface HealthOptions {
  /** Asks the database something on a connection of its own. */
  ping(): Promise<void>;
  /** The facts that the supervisor of the database has about its absence. */
  why(): string | null;
}

const freshMs = 1_000;
/** A query that takes longer is a reason to look. */
const slowMs = 2_000;
/** How long the database has for the smallest of answers. */
const pingMs = 3_000;
const shortestPauseMs = 100;
const longestPauseMs = 1_000;

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps one answer to "is the database there" for everybody, so that nobody else waits to find out. */
export function createHealth({ ping, why }: HealthOptions): HealthKeeper {
  let state: DatabaseState = { up: true, since: performance.now() };
  let answeredAt = performance.now();
  let asking: Promise<void> | null = null;
  let again: NodeJS.Timeout | undefined;
  let pauseMs = shortestPauseMs;
  let slow: NodeJS.Timeout | undefined;
  let stopped = false;
  const listeners = new Set<(state: DatabaseState) => void>();
  const pending = new Set<{ since: number; reject: (error: Error) => void }>();

  function change(next: DatabaseState): void {
    state = next;
    for (const listener of listeners) listener(state);
  }

  function setUp(): void {
    answeredAt = performance.now();
    pauseMs = shortestPauseMs;
    if (!state.up) change({ up: true, since: answeredAt });
  }

  function setAway(error: unknown): void {
    const reason = why() ?? reasonOf(error);
    if (state.up) change({ up: false, since: performance.now(), reason });
    else state = { ...state, reason };
    for (const query of pending) query.reject(new DatabaseAwayError(reason));
    pending.clear();
    again = setTimeout(() => void ask(), pauseMs);
    again.unref();
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  function ask(): Promise<void> {
    clearTimeout(again);
    asking ??= within(ping(), pingMs)
      .then(
        () => !stopped && setUp(),
        (error: unknown) => !stopped && setAway(error),
      )
      .then(() => {
        asking = null;
      });
    return asking;
  }

  function suspect(): void {
    if (!stopped && state.up) void ask();
  }

  function lookAtSlow(): void {
    slow = undefined;
    const [oldest] = pending;
    if (!oldest || stopped) return;
    if (performance.now() - oldest.since >= slowMs) suspect();
    slow = setTimeout(lookAtSlow, slowMs);
    slow.unref();
  }

  /** The supervisor of the database may have news since the last call. */
  function current(): DatabaseState {
    const reason = state.up ? null : why();
    return state.up || reason === null ? state : { ...state, reason };
  }

  return {
    get state() {
      return current();
    },
    async check() {
      if (state.up && performance.now() - answeredAt >= freshMs) await ask();
      return current();
    },
    suspect,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    assertUp() {
      if (!state.up) throw new DatabaseAwayError(state.reason);
    },
    watch: (work, isLost) =>
      new Promise((resolve, reject) => {
        const query = { since: performance.now(), reject };
        pending.add(query);
        slow ??= setTimeout(lookAtSlow, slowMs).unref();
        work.then(
          (result) => {
            pending.delete(query);
            answeredAt = performance.now();
            resolve(result);
          },
          (error: unknown) => {
            pending.delete(query);
            const lost = isLost(error);
            if (lost) suspect();
            // oxlint-disable-next-line prefer-promise-reject-errors -- as it came
            reject(lost ? new DatabaseAwayError(reasonOf(error), { cause: error }) : error);
          },
        );
      }),
    stop() {
      stopped = true;
      clearTimeout(again);
      clearTimeout(slow);
    },
  };
}
