/** The signal that a result is no longer wanted. Every `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** The argument of `abort`. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Controller and signal in one, for what happens with every call: an `AbortController` with its event target and events
 * costs a call more than its routing. Listeners hear of it once, in the order they came.
 */
export class Cancellation implements CancelSignal {
  aborted = false;
  reason: unknown;
  /** Nearly all have one listener at most, and an array for one is dear. */
  private only: (() => void) | null = null;
  private more: (() => void)[] | null = null;

  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const there = this.only === null ? [] : [this.only, ...(this.more ?? [])];
    // A listener may remove another one.
    for (const listener of there) if (this.only === listener || this.more?.includes(listener)) listener();
    this.only = null;
    this.more = null;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.aborted) return;
    if (this.only === null) this.only = listener;
    else (this.more ??= []).push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.only === listener) {
      this.only = this.more?.shift() ?? null;
      return;
    }
    const at = this.more?.indexOf(listener) ?? -1;
    if (at !== -1) this.more?.splice(at, 1);
  }
}

/** The same as Node's own functions want it. */
export function toAbortSignal(signal: CancelSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller.signal;
}

/** Gives work a signal of its own, which aborts with the outer one and after `ms` at the latest. */
export async function withDeadline<T>(
  outer: CancelSignal,
  ms: number,
  work: (signal: CancelSignal) => Promise<T>,
): Promise<T> {
  const inner = new Cancellation();
  function end(): void {
    inner.abort(outer.reason);
  }
  const timer = setTimeout(end, ms);
  outer.addEventListener('abort', end);
  try {
    return await work(inner);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}

/** Waits for something that does not look at the signal itself. */
export function orAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    function abort(): void {
      reject(signal.reason);
    }
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
